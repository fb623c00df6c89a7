import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { topErrorsQuery, type View } from "@/api/queries";
import type { TopErrors } from "@/api/types";
import { Card, CardHead } from "@/components/Card";
import { Icon } from "@/components/icons";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { count, plural } from "@/lib/format";
import { ago, momentText } from "@/lib/time";
import { useNow } from "@/lib/use-now";

export function TopErrorsCard({ view }: { view: View }) {
  const { data, error, refetch } = useQuery({ ...topErrorsQuery(view), placeholderData: keepPreviousData });
  return (
    <Card className="min-h-72">
      <CardHead title="Top errors" />
      {error && !data ? (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <ListSkeleton />
      ) : data.items.length === 0 ? (
        <NoErrors />
      ) : (
        <ErrorList items={data.items} zone={view.zone} />
      )}
    </Card>
  );
}

function ErrorList({ items, zone }: { items: TopErrors["items"]; zone: string }) {
  const now = useNow(10_000);
  return (
    <ol className="divide-y divide-line px-4 pb-2 sm:px-5">
      {items.map((item) => (
        <li key={item.name} className="flex items-center gap-4 py-2.5">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium" title={item.name}>
              {item.name}
            </p>
            <p className="truncate text-[0.93rem] text-ink-faint">
              {plural(item.users, "user")} · last{" "}
              <time dateTime={item.lastSeenAt} title={momentText(item.lastSeenAt, zone)}>
                {ago(item.lastSeenAt, now, zone)}
              </time>
              {" · first "}
              <time dateTime={item.firstSeenAt} title={momentText(item.firstSeenAt, zone)}>
                {ago(item.firstSeenAt, now, zone)}
              </time>
            </p>
          </div>
          <span className="rounded-md bg-bad-soft px-2 py-0.5 font-semibold text-bad tabular-nums">
            {count(item.count)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function NoErrors() {
  return (
    <div className="flex flex-col items-center gap-3 px-5 py-12 text-center">
      <span className="grid size-10 place-items-center rounded-full bg-good-soft text-good">
        <Icon name="check" className="size-5" />
      </span>
      <p className="text-ink-soft">
        No errors in this range.
        <br />
        <span className="text-ink-faint">
          Events of type ERROR and statuses from 500 up would stand here.
        </span>
      </p>
    </div>
  );
}
