import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { summaryQuery, typesQuery, type View } from "@/api/queries";
import { Card, CardHead } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton, RankList } from "@/components/RankList";
import { Segmented } from "@/components/Segmented";

const sides = [
  { value: "names", label: "By name" },
  { value: "types", label: "By type" },
] as const;

export function TopEventsCard({ view }: { view: View }) {
  const [side, setSide] = useState<"names" | "types">("names");
  return (
    <Card className="min-h-72">
      <CardHead title="Top events">
        <Segmented label="Count events" value={side} options={sides} onChange={setSide} />
      </CardHead>
      {side === "names" ? <Names view={view} /> : <Types view={view} />}
    </Card>
  );
}

function Names({ view }: { view: View }) {
  const { data, error, refetch } = useQuery({ ...summaryQuery(view), placeholderData: keepPreviousData });
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  return <Ranking items={data.topEvents} total={data.totals.totalEvents} />;
}

function Types({ view }: { view: View }) {
  const { data, error, refetch } = useQuery({ ...typesQuery(view), placeholderData: keepPreviousData });
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  const items = data.items.map(({ type, count }) => ({ name: type, count }));
  return <Ranking items={items.slice(0, 10)} total={items.reduce((sum, item) => sum + item.count, 0)} />;
}

function Ranking({ items, total }: { items: readonly { name: string; count: number }[]; total: number }) {
  if (items.length > 0) return <RankList items={items} total={total} />;
  return <p className="px-5 py-16 text-center text-ink-faint">No events in this range.</p>;
}
