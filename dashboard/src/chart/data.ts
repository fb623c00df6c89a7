import type { Completeness, Point } from "@/api/types";
import { isBehind } from "@/lib/completeness";
import { axisLabel, type Interval, type Range } from "@/lib/range";

/** The time axis of a chart: its buckets, and which of them may still grow. */
export interface Buckets {
  times: string[];
  labels: string[];
  /** Buckets that may carry a label: all of them, or the first of each day where hours fill several days. */
  labelled: (index: number) => boolean;
  /** The last bucket is still filling. */
  running: boolean;
  /** The first bucket that may still grow, because it is filling or the numbers are behind; their count if none. */
  open: number;
  /** Up to when the numbers are complete, if that is worth saying. */
  behind: string | null;
  interval: Interval;
}

/** Events, the same of the period before and errors, side by side: one entry per bucket. */
export interface ChartData extends Buckets {
  events: number[];
  previous: (number | null)[];
  errors: number[];
  totals: { events: number; previous: number; errors: number };
}

interface Series {
  range: Range;
  events: readonly Point[];
  previous: readonly Point[];
  errors: readonly Point[];
  meta: Completeness;
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

// A bucket ends where the next one begins; the last, where the range does, unless that is now.
function firstOpen(times: readonly string[], end: number, through: number): number {
  const open = times.findIndex((_, index) => {
    const next = times[index + 1];
    return (next === undefined ? end : new Date(next).getTime()) > through;
  });
  return open < 0 ? times.length : open;
}

export function buckets(times: string[], range: Range, meta: Completeness, zone: string): Buckets {
  const labels = times.map((t) => axisLabel(t, range, zone));
  const running = range.to.getTime() > Date.now() - 60_000;
  const behind = isBehind(meta) ? meta.completeThrough : null;
  const through = behind === null ? Date.now() : new Date(behind).getTime();
  const end = running ? Number.POSITIVE_INFINITY : range.to.getTime();
  return {
    times,
    labels,
    labelled: ticks(labels),
    running,
    open: firstOpen(times, end, through),
    behind,
    interval: range.interval,
  };
}

export function chartData({ range, events, previous, errors, meta }: Series, zone: string): ChartData {
  const shown = trim(events, range.from, range.preset !== null);
  const cut = events.length - shown.length;
  const earlier = previous.slice(cut);
  const failing = new Map(errors.map(({ t, value }) => [t, value]));
  const times = shown.map(({ t }) => t);
  const data = {
    events: shown.map(({ value }) => value),
    previous: shown.map((_, index) => earlier[index]?.value ?? null),
    errors: times.map((t) => failing.get(t) ?? 0),
  };
  const totals = { events: sum(data.events), previous: sum(data.previous), errors: sum(data.errors) };
  return { ...buckets(times, range, meta, zone), ...data, totals };
}
