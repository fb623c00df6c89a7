import type { ReactNode } from "react";
import { useTitle } from "@/lib/use-title";
import { PulseLine, Wordmark } from "./Logo";

/** The frame of every page that stands before the signed-in part: one card on the pulse line. */
export function AuthFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="relative flex min-h-dvh flex-col overflow-hidden">
      <PulseLine className="pointer-events-none absolute top-[11vh] left-0 h-28 w-full opacity-70" />
      <main className="relative mx-auto flex w-full max-w-[27rem] flex-1 flex-col justify-center px-5 py-12">
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-lifted sm:p-8">
          <Wordmark />
          <h1 className="mt-7 text-[1.55rem] leading-tight font-semibold tracking-[-0.02em]">{title}</h1>
          {lead ? <p className="mt-2 text-ink-soft">{lead}</p> : null}
          <div className="mt-6">{children}</div>
        </div>
      </main>
    </div>
  );
}
