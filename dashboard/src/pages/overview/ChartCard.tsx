import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { seriesQuery, type View } from "@/api/queries";
import { type ChartData, chartData } from "@/chart/data";
import { Card, CardHead } from "@/components/Card";
import { ChartSkeleton } from "@/components/ChartSkeleton";
import { LoadFailure } from "@/components/Notice";
import { fullCount } from "@/lib/format";
import { customText, type Interval, type RangeText } from "@/lib/range";
import { addDays, dayOf, momentText } from "@/lib/time";

const EventChart = lazy(() => import("@/chart/EventChart"));

interface Props {
  view: View;
  onShow: (range: RangeText) => void;
}

export function ChartCard({ view, onShow }: Props) {
  const query = useQuery({ ...seriesQuery(view), placeholderData: keepPreviousData });
  const { data: series, error, isPlaceholderData, refetch } = query;
  const data = useMemo(() => (series ? chartData(series, view.zone) : null), [series, view.zone]);
  const pick = (index: number) => {
    const next = data && zoom(data.times[index], data.interval, view.zone);
    if (next) onShow(next);
  };
  return (
    <Card>
      <CardHead title={data ? `Events per ${data.interval}` : "Events"}>
        <Legend hasErrors={(data?.totals.errors ?? 0) > 0} behind={data?.behind ?? null} zone={view.zone} />
      </CardHead>
      <div
        className={`h-64 px-1 pb-2 transition-opacity sm:h-80 sm:px-3 ${isPlaceholderData ? "opacity-60" : ""} ${
          data && zoomable(data.interval) ? "*:cursor-zoom-in" : ""
        }`}
      >
        {error && !series ? (
          <LoadFailure error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <ChartSkeleton />
        ) : (
          <figure className="size-full">
            <figcaption className="sr-only">{inWords(data, view.zone)}</figcaption>
            <Suspense fallback={<ChartSkeleton />}>
              <EventChart data={data} zone={view.zone} onPick={pick} />
            </Suspense>
          </figure>
        )}
      </div>
    </Card>
  );
}

function zoomable(interval: Interval): boolean {
  return interval === "day" || interval === "week";
}

/** The range of one clicked bucket; null where it would not show more. */
function zoom(t: string | undefined, interval: Interval, zone: string): RangeText | null {
  if (t === undefined || !zoomable(interval)) return null;
  const day = dayOf(new Date(t), zone);
  return customText(day, interval === "week" ? addDays(day, 6) : day);
}

function inWords({ totals, interval, events, behind }: ChartData, zone: string): string {
  const peak = Math.max(0, ...events);
  const tail = behind ? ` Incomplete after ${momentText(behind, zone)}.` : "";
  return `Events per ${interval}: ${fullCount(totals.events)} in all, ${fullCount(peak)} at most, against ${fullCount(totals.previous)} in the period before; ${fullCount(totals.errors)} errors.${tail}`;
}

interface LegendProps {
  hasErrors: boolean;
  behind: string | null;
  zone: string;
}

function Legend({ hasErrors, behind, zone }: LegendProps) {
  return (
    <ul
      className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[0.93rem] text-ink-soft"
      aria-label="Legend"
    >
      <li className="inline-flex items-center gap-1.5">
        <span className="h-0.5 w-4 rounded bg-accent" />
        Events
      </li>
      {behind ? (
        <li className="inline-flex items-center gap-1.5 text-warn">
          <span className="w-4 border-t-2 border-dashed border-accent/60" />
          Incomplete after {momentText(behind, zone)}
        </li>
      ) : null}
      {hasErrors ? (
        <li className="inline-flex items-center gap-1.5">
          <span className="h-3 w-1.5 rounded-t-sm bg-bad" />
          Errors
        </li>
      ) : null}
      <li className="inline-flex items-center gap-1.5">
        <span className="w-4 border-t-2 border-dashed border-line-strong" />
        Period before
      </li>
    </ul>
  );
}
