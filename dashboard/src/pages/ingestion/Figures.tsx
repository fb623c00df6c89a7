import type { Ingestion } from "@/api/types";
import { Card } from "@/components/Card";
import { bytes, count, fullCount, percent } from "@/lib/format";

type Totals = Ingestion["totals"];

interface Figure {
  label: string;
  value: (totals: Totals) => string;
  title: (totals: Totals) => string;
  note: (totals: Totals) => string;
}

function share(part: number, whole: number): string {
  return whole > 0 ? percent(part / whole) : "0%";
}

const figures: readonly Figure[] = [
  {
    label: "Accepted",
    value: ({ accepted }) => count(accepted),
    title: ({ accepted }) => fullCount(accepted),
    note: (totals) => `${bytes(totals.bytes)} received`,
  },
  {
    label: "New",
    value: ({ stored }) => count(stored),
    title: ({ stored }) => fullCount(stored),
    note: () => "count in charts and quota",
  },
  {
    label: "Doubles",
    value: ({ deduplicated }) => count(deduplicated),
    title: ({ deduplicated }) => fullCount(deduplicated),
    note: ({ deduplicated, accepted }) => `${share(deduplicated, accepted)} of accepted, left out`,
  },
  {
    label: "Late",
    value: ({ late }) => count(late),
    title: ({ late }) => fullCount(late),
    note: () => "an hour or more",
  },
  {
    label: "Refused",
    value: ({ refused }) => count(refused),
    title: ({ refused }) => fullCount(refused),
    note: ({ refused, accepted }) => `${share(refused, refused + accepted)} of all sent`,
  },
];

export function Figures({ totals }: { totals: Totals | undefined }) {
  return (
    <Card className="grid grid-cols-2 overflow-hidden sm:grid-cols-3 lg:grid-cols-5">
      {figures.map((figure, index) => (
        <Tile key={figure.label} figure={figure} totals={totals} wide={index === 0} />
      ))}
    </Card>
  );
}

function Tile({ figure, totals, wide }: { figure: Figure; totals: Totals | undefined; wide: boolean }) {
  const bad = figure.label === "Refused" && (totals?.refused ?? 0) > 0;
  return (
    <div
      className={`-mr-px -mb-px border-r border-b border-line px-4 py-3.5 sm:px-5 ${wide ? "max-sm:col-span-2 sm:max-lg:col-span-2" : ""}`}
    >
      <p className="text-ink-soft">{figure.label}</p>
      {totals ? (
        <>
          <p
            className={`mt-0.5 text-[1.85rem] leading-tight font-semibold tracking-[-0.025em] tabular-nums ${bad ? "text-bad" : ""}`}
            title={figure.title(totals)}
          >
            {figure.value(totals)}
          </p>
          <p className="mt-0.5 truncate text-[0.93rem] text-ink-faint" title={figure.note(totals)}>
            {figure.note(totals)}
          </p>
        </>
      ) : (
        <div className="skeleton mt-2 mb-5 h-7 w-24" role="status" aria-label={`Loading ${figure.label}`} />
      )}
    </div>
  );
}
