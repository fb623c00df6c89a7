import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Focus, summaryQuery, typesQuery, type View, wholeOf } from "@/api/queries";
import { Card, CardHead } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton, RankList } from "@/components/RankList";
import { Segmented } from "@/components/Segmented";

const sides = [
  { value: "names", label: "By name" },
  { value: "types", label: "By type" },
] as const;

interface Props {
  view: View;
  onNarrow: (to: Focus | undefined) => void;
}

/** The most frequent events; choosing one narrows the page to it, choosing it again widens it. */
export function TopEventsCard({ view, onNarrow }: Props) {
  const [side, setSide] = useState<"names" | "types">(view.focus?.property === "type" ? "types" : "names");
  return (
    <Card className="min-h-72">
      <CardHead title="Top events">
        <Segmented label="Count events" value={side} options={sides} onChange={setSide} />
      </CardHead>
      {side === "names" ? (
        <Names view={view} onNarrow={onNarrow} />
      ) : (
        <Types view={view} onNarrow={onNarrow} />
      )}
    </Card>
  );
}

function Names({ view, onNarrow }: Props) {
  const { data, error, refetch } = useQuery({
    ...summaryQuery(wholeOf(view)),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  return (
    <Ranking
      property="name"
      items={data.topEvents}
      total={data.totals.totalEvents}
      focus={view.focus}
      onNarrow={onNarrow}
    />
  );
}

function Types({ view, onNarrow }: Props) {
  const { data, error, refetch } = useQuery({
    ...typesQuery(wholeOf(view)),
    placeholderData: keepPreviousData,
  });
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  const items = data.items.map(({ type, count }) => ({ name: type, count }));
  return (
    <Ranking
      property="type"
      items={items.slice(0, 10)}
      total={items.reduce((sum, item) => sum + item.count, 0)}
      focus={view.focus}
      onNarrow={onNarrow}
    />
  );
}

interface RankingProps {
  property: Focus["property"];
  items: readonly { name: string; count: number }[];
  total: number;
  focus: Focus | undefined;
  onNarrow: Props["onNarrow"];
}

function Ranking({ property, items, total, focus, onNarrow }: RankingProps) {
  if (items.length === 0)
    return <p className="px-5 py-16 text-center text-ink-faint">No events in this range.</p>;
  const chosen = focus?.property === property ? focus.value : null;
  const choose = (value: string) => onNarrow(value === chosen ? undefined : { property, value });
  return <RankList items={items} total={total} chosen={chosen} onChoose={choose} />;
}
