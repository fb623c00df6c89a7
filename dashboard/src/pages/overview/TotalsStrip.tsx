import type { UseQueryResult } from "@tanstack/react-query";
import type { Overview } from "@/api/types";
import { Card } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { type Change, change, count, fullCount, percent, pointChange } from "@/lib/format";

type Key = "totalEvents" | "uniqueUsers" | "sessions" | "errors" | "errorRate";

interface Figure {
  key: Key;
  label: string;
  /** Whether more of it is good news, bad news, or neither. */
  more: "good" | "bad";
  text: (value: number) => string;
  title: (value: number) => string;
  compare: (now: number, before: number | undefined) => Change | null;
}

const plain = { text: count, title: fullCount, compare: change };
const rate = { text: percent, title: percent, compare: pointChange };
const figures: readonly Figure[] = [
  { key: "totalEvents", label: "Events", more: "good", ...plain },
  { key: "uniqueUsers", label: "Unique users", more: "good", ...plain },
  { key: "sessions", label: "Sessions", more: "good", ...plain },
  { key: "errors", label: "Errors", more: "bad", ...plain },
  { key: "errorRate", label: "Error rate", more: "bad", ...rate },
];

export function TotalsStrip({ query }: { query: UseQueryResult<Overview> }) {
  const { data, error, isPlaceholderData, refetch } = query;
  if (error && !data)
    return (
      <Card>
        <LoadFailure error={error} onRetry={() => void refetch()} />
      </Card>
    );
  return (
    <Card
      className={`grid grid-cols-2 overflow-hidden transition-opacity sm:grid-cols-3 lg:grid-cols-5 ${isPlaceholderData ? "opacity-60" : ""}`}
    >
      {figures.map((figure, index) => (
        <Tile key={figure.key} figure={figure} totals={data} wide={index === 0} />
      ))}
    </Card>
  );
}

function Tile({ figure, totals, wide }: { figure: Figure; totals: Overview | undefined; wide: boolean }) {
  const { key, label, text, title, compare } = figure;
  const value = totals?.[key];
  const earlier = totals?.previous?.[key];
  return (
    <div
      className={`-mr-px -mb-px border-r border-b border-line px-4 py-3.5 sm:px-5 ${wide ? "max-sm:col-span-2 sm:max-lg:col-span-2" : ""}`}
    >
      <p className="text-ink-soft">{label}</p>
      {value === undefined ? (
        <div className="skeleton mt-2 mb-1 h-7 w-24" role="status" aria-label={`Loading ${label}`} />
      ) : (
        <p
          className="mt-0.5 text-[1.85rem] leading-tight font-semibold tracking-[-0.025em] tabular-nums"
          title={title(value)}
        >
          {text(value)}
        </p>
      )}
      <div className="mt-0.5 flex h-5 items-center gap-2 text-[0.93rem]">
        {value === undefined ? (
          <div className="skeleton h-3.5 w-16" />
        ) : (
          <Delta
            change={compare(value, earlier)}
            more={figure.more}
            earlier={earlier === undefined ? null : text(earlier)}
          />
        )}
      </div>
    </div>
  );
}

interface DeltaProps {
  change: Change | null;
  more: Figure["more"];
  earlier: string | null;
}

function Delta({ change: delta, more, earlier }: DeltaProps) {
  if (!delta) return <span className="text-ink-faint">No earlier period</span>;
  const good = (delta.direction === "up") === (more === "good");
  const tone = delta.direction === "same" ? "text-ink-faint" : good ? "text-good" : "text-bad";
  const said = { up: "up", down: "down", same: "" }[delta.direction];
  return (
    <>
      <span className={`inline-flex items-center gap-1 font-medium tabular-nums ${tone}`}>
        <Arrow direction={delta.direction} />
        {said ? <span className="sr-only">{said}</span> : null}
        {delta.text}
      </span>
      {delta.direction === "same" ? null : (
        <span className="truncate text-ink-faint tabular-nums">from {earlier}</span>
      )}
    </>
  );
}

function Arrow({ direction }: { direction: Change["direction"] }) {
  if (direction === "same") return null;
  return (
    <svg
      viewBox="0 0 10 10"
      className={`size-2.5 ${direction === "down" ? "rotate-180" : ""}`}
      aria-hidden="true"
    >
      <path d="M5 1 9.5 8.5h-9z" fill="currentColor" />
    </svg>
  );
}
