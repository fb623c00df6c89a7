import { useQuery } from "@tanstack/react-query";
import { statusOf } from "@/api/problem";
import { usageQuery } from "@/api/queries";
import type { Usage } from "@/api/types";
import { Card, CardHead } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { fullCount, percent } from "@/lib/format";
import { dayText } from "@/lib/time";

/** How much of the month's events the organisation has used. Who is no member of it is not told. */
export function QuotaCard({ orgId }: { orgId: string }) {
  const { data, error, refetch } = useQuery({ ...usageQuery(orgId), refetchInterval: 10_000 });
  if (error && !data && statusOf(error) === 404) return null;
  return (
    <Card>
      <CardHead title="This month" />
      {error && !data ? (
        <LoadFailure error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Quota usage={data} />
      ) : (
        <ListSkeleton rows={2} />
      )}
    </Card>
  );
}

function Quota({ usage }: { usage: Usage }) {
  const { used, limit, resetsAt, plan } = usage;
  return (
    <div className="px-4 pb-4 sm:px-5">
      <p>
        <span className="text-[1.3rem] font-semibold tracking-[-0.02em] tabular-nums">{fullCount(used)}</span>{" "}
        <span className="text-ink-soft">
          {limit === null ? "events, without a limit" : `of ${fullCount(limit)} events`}
        </span>
      </p>
      {limit === null ? null : <Bar used={used} limit={limit} />}
      <p className="mt-2 text-[0.93rem] text-ink-faint">
        All projects of the organisation together, plan {plan}. Doubles are free. Begins again on{" "}
        {dayText(resetsAt, "UTC")} (UTC).
      </p>
    </div>
  );
}

function Bar({ used, limit }: { used: number; limit: number }) {
  const share = limit > 0 ? Math.min(1, used / limit) : 1;
  const look = share >= 1 ? "bg-bad" : share >= 0.8 ? "bg-warn" : "bg-accent";
  return (
    <div
      role="progressbar"
      aria-label="Used of the month's events"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={`${percent(share)} used`}
      className="mt-2 h-2 overflow-hidden rounded-full bg-line"
    >
      <div className={`h-full rounded-full ${look}`} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
