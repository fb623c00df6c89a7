import { count, fullCount, percent } from "@/lib/format";

interface Ranked {
  name: string;
  count: number;
}

interface Props {
  items: readonly Ranked[];
  total: number;
  chosen: string | null;
  onChoose: (name: string) => void;
}

/** Names with their counts, to choose one of; the bar behind each is its share of the largest. */
export function RankList({ items, total, chosen, onChoose }: Props) {
  const largest = Math.max(1, ...items.map((item) => item.count));
  return (
    <ol className="space-y-1 px-2.5 pt-1 pb-3 sm:px-3.5">
      {items.map((item) => (
        <li key={item.name}>
          <button
            type="button"
            aria-pressed={item.name === chosen}
            onClick={() => onChoose(item.name)}
            className={`relative flex h-8.5 w-full items-center gap-3 rounded-md px-2 text-left hover:ring-1 hover:ring-line-strong aria-pressed:ring-1 aria-pressed:ring-accent ${
              chosen !== null && item.name !== chosen ? "opacity-55 hover:opacity-100" : ""
            }`}
          >
            <span
              aria-hidden="true"
              className="absolute inset-y-0 left-0 rounded-md bg-accent-soft transition-[width] duration-300"
              style={{ width: `${(item.count / largest) * 100}%` }}
            />
            <span className="relative min-w-0 flex-1 truncate" title={item.name}>
              {item.name}
            </span>
            <span className="relative w-14 text-right text-ink-faint tabular-nums">
              {total > 0 ? percent(item.count / total) : null}
            </span>
            <span className="relative w-20 text-right font-medium tabular-nums" title={fullCount(item.count)}>
              {count(item.count)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="space-y-2 px-4 pt-2 pb-4 sm:px-5">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton h-7" style={{ width: `${96 - row * 11}%` }} />
      ))}
    </div>
  );
}
