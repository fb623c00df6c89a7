import { lazy, Suspense, useMemo } from "react";
import type { Completeness, IngestionPoint } from "@/api/types";
import { type ArrivalsData, arrivalsData } from "@/chart/arrivals";
import { Card, CardHead } from "@/components/Card";
import { ChartSkeleton } from "@/components/ChartSkeleton";
import { fullCount } from "@/lib/format";
import type { Range } from "@/lib/range";
import { momentText } from "@/lib/time";

const ArrivalsChart = lazy(() => import("@/chart/ArrivalsChart"));

interface Found {
  range: Range;
  points: readonly IngestionPoint[];
  meta: Completeness;
}

export function ArrivalsCard({ found, zone }: { found: Found | undefined; zone: string }) {
  const data = useMemo(() => (found ? arrivalsData(found, zone) : null), [found, zone]);
  const sum = (values: readonly number[]) => fullCount(values.reduce((total, value) => total + value, 0));
  const tail = data?.behind ? `Incomplete after ${momentText(data.behind, zone)}` : null;
  return (
    <Card>
      <CardHead title={data ? `Received per ${data.interval}` : "Received"}>
        <ul
          className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[0.93rem] text-ink-soft"
          aria-label="Legend"
        >
          <Mark look="bg-accent" label="New" />
          <Mark look="bg-ink-faint" label="Doubles" />
          <Mark look="bg-bad" label="Refused" />
          {tail ? <Mark look="border border-dashed border-accent bg-accent/25" label={tail} warn /> : null}
        </ul>
      </CardHead>
      <div className="h-56 px-1 pb-2 sm:h-64 sm:px-3">
        {data && !anything(data) ? (
          <p className="grid size-full place-items-center text-ink-faint">Nothing came in this range.</p>
        ) : data ? (
          <figure className="size-full">
            <figcaption className="sr-only">
              Received per {data.interval}: {sum(data.stored)} new, {sum(data.doubles)} doubles,{" "}
              {sum(data.refused)} refused. {tail}
            </figcaption>
            <Suspense fallback={<ChartSkeleton />}>
              <ArrivalsChart data={data} zone={zone} />
            </Suspense>
          </figure>
        ) : (
          <ChartSkeleton />
        )}
      </div>
    </Card>
  );
}

function anything({ stored, doubles, refused }: ArrivalsData): boolean {
  return [stored, doubles, refused].some((values) => values.some((value) => value > 0));
}

function Mark({ look, label, warn = false }: { look: string; label: string; warn?: boolean }) {
  return (
    <li className={`inline-flex items-center gap-1.5 ${warn ? "text-warn" : ""}`}>
      <span className={`size-2.5 rounded-sm ${look}`} />
      {label}
    </li>
  );
}
