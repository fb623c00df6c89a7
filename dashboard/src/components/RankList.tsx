import { count, fullCount, percent } from "@/lib/format";

interface Ranked {
  name: string;
  count: number;
}

/** Names with their counts; the bar behind each is its share of the largest. */
export function RankList({ items, total }: { items: readonly Ranked[]; total: number }) {
  const largest = Math.max(1, ...items.map((item) => item.count));
  return (
    <ol className="space-y-1 px-2.5 pt-1 pb-3 sm:px-3.5">
      {items.map((item) => (
        <li key={item.name} className="group relative flex h-8.5 items-center gap-3 rounded-md px-2">
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
