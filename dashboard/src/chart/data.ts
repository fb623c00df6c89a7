import type { Point } from "@/api/types";
import { axisLabel, type Interval, type Range } from "@/lib/range";

/** Events, the same of the period before and errors, side by side: one entry per bucket. */
export interface ChartData {
  times: string[];
  labels: string[];
  /** Buckets that may carry a label: all of them, or the first of each day where hours fill several days. */
  labelled: (index: number) => boolean;
  events: number[];
  previous: (number | null)[];
  errors: number[];
  /** The last bucket is still filling. */
  running: boolean;
  interval: Interval;
  totals: { events: number; previous: number; errors: number };
}

interface Series {
  range: Range;
  events: readonly Point[];
  previous: readonly Point[];
  errors: readonly Point[];
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

// "The last 24 hours" begin in the middle of an hour; half a bucket would look like a fall that never was.
function trim(points: readonly Point[], from: Date, preset: boolean): readonly Point[] {
  const first = points[0];
  const half = preset && points.length > 2 && first && new Date(first.t) < from;
  return half ? points.slice(1) : points;
}

const MOST_LABELS = 10;

// At most about ten labels, at round hours; where hours fill several days, one at the start of each day.
function ticks(labels: readonly string[]): (index: number) => boolean {
  const repeated = labels.some((label, index) => index > 0 && label === labels[index - 1]);
  if (repeated) return (index) => index > 0 && labels[index] !== labels[index - 1];
  const step = Math.ceil(labels.length / MOST_LABELS);
  const round = labels.findIndex(
    (label) => /^\d\d:00$/.test(label) && Number.parseInt(label, 10) % step === 0,
  );
  return (index) => (index - Math.max(0, round)) % step === 0;
}

export function chartData({ range, events, previous, errors }: Series, zone: string): ChartData {
  const shown = trim(events, range.from, range.preset !== null);
  const cut = events.length - shown.length;
  const earlier = previous.slice(cut);
  const labels = shown.map(({ t }) => axisLabel(t, range, zone));
  const failing = new Map(errors.map(({ t, value }) => [t, value]));
  const data = {
    times: shown.map(({ t }) => t),
    labels,
    labelled: ticks(labels),
    events: shown.map(({ value }) => value),
    previous: shown.map((_, index) => earlier[index]?.value ?? null),
    errors: shown.map(({ t }) => failing.get(t) ?? 0),
    running: range.to.getTime() > Date.now() - 60_000,
    interval: range.interval,
  };
  return {
    ...data,
    totals: { events: sum(data.events), previous: sum(data.previous), errors: sum(data.errors) },
  };
}
