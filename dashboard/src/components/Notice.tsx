import type { ReactNode } from "react";
import { asApiError } from "@/api/problem";
import { Button } from "./Button";
import { Icon, type IconName } from "./icons";

type Tone = "bad" | "warn" | "good" | "calm";

const tones: Record<Tone, string> = {
  bad: "bg-bad-soft text-bad",
  warn: "bg-warn-soft text-warn",
  good: "bg-good-soft text-good",
  calm: "bg-accent-soft text-accent-strong",
};
const icons: Record<Tone, IconName> = { bad: "warning", warn: "warning", good: "check", calm: "live" };

export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={`flex animate-appear gap-2.5 rounded-lg px-3 py-2.5 ${tones[tone]}`}
    >
      <Icon name={icons[tone]} className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** What a refused call says of itself. A 422 whose faults stand beside their inputs needs no second telling. */
export function ProblemNotice({ error, inputs = [] }: { error: unknown; inputs?: readonly string[] }) {
  if (!error) return null;
  const { detail, faults, retryAfter } = asApiError(error);
  const elsewhere = faults.filter(
    ({ path }) => !inputs.some((name) => path === name || path.endsWith(`.${name}`)),
  );
  if (faults.length > 0 && elsewhere.length === 0) return null;
  return (
    <Notice tone="bad">
      {detail}
      {retryAfter ? ` Try again in ${Math.ceil(retryAfter)} s.` : null}
      {elsewhere.map(({ path, message }) => (
        <p key={path + message}>
          <code className="font-mono">{path}</code> {message}
        </p>
      ))}
    </Notice>
  );
}

/** Fills a card whose numbers could not be read. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { status, detail } = asApiError(error);
  return (
    <div role="alert" className="flex flex-col items-center justify-center gap-3 px-4 py-8 text-center">
      <p className="max-w-sm text-ink-soft">
        {status === 0 ? "Not loaded: the server does not answer." : detail}
      </p>
      <Button small onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
