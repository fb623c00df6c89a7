import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { seriesQuery, type View } from "@/api/queries";
import { type ChartData, chartData } from "@/chart/data";
import { Card, CardHead } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { fullCount } from "@/lib/format";
import { customText, type Interval, type RangeText } from "@/lib/range";
import { addDays, dayOf } from "@/lib/time";

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
        <Legend hasErrors={(data?.totals.errors ?? 0) > 0} />
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
            <figcaption className="sr-only">{inWords(data)}</figcaption>
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

function inWords({ totals, interval, events }: ChartData): string {
  const peak = Math.max(0, ...events);
  return `Events per ${interval}: ${fullCount(totals.events)} in all, ${fullCount(peak)} at most, against ${fullCount(totals.previous)} in the period before; ${fullCount(totals.errors)} errors.`;
}

function Legend({ hasErrors }: { hasErrors: boolean }) {
  return (
    <ul
      className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[0.93rem] text-ink-soft"
      aria-label="Legend"
    >
      <li className="inline-flex items-center gap-1.5">
        <span className="h-0.5 w-4 rounded bg-accent" />
        Events
      </li>
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

const bars = [38, 52, 44, 61, 70, 58, 66, 80, 62, 49, 57, 72, 88, 76, 64, 70, 54, 60];

function ChartSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the chart"
      className="flex size-full items-end gap-2 px-4 pt-4 pb-6"
    >
      {bars.map((height, index) => (
        <div
          key={index}
          className="skeleton flex-1 rounded-b-none opacity-60"
          style={{ height: `${height}%` }}
        />
      ))}
    </div>
  );
}
