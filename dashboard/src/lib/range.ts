import { addDays, dayOf, dayText, momentText, startOfDay } from "./time";

/** What the address bar keeps: a preset, or the first and last calendar day, both inclusive: `2026-01-01..2026-01-31`. */
export type RangeText = string;
export type Interval = "minute" | "hour" | "day" | "week" | "month";

export interface Range {
  text: RangeText;
  preset: Preset | null;
  from: Date;
  to: Date;
  interval: Interval;
}

export const presets = ["24h", "7d", "30d", "90d"] as const;
export type Preset = (typeof presets)[number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const lengths: Record<Preset, number> = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY };
const customPattern = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

export function isPreset(text: string): text is Preset {
  return (presets as readonly string[]).includes(text);
}

/** The two days of a custom range, or null if the text is not one or runs backwards. */
export function customDays(text: RangeText): [string, string] | null {
  const match = customPattern.exec(text);
  const first = match?.[1];
  const last = match?.[2];
  if (!first || !last || first > last) return null;
  return [first, last].every(isDay) ? [first, last] : null;
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

export function isRange(text: unknown): text is RangeText {
  return typeof text === "string" && (isPreset(text) || customDays(text) !== null);
}

export function customText(first: string, last: string): RangeText {
  return `${first}..${last}`;
}

/** About 24 to 170 points, whatever the length. */
export function intervalFor(from: Date, to: Date): Interval {
  const length = to.getTime() - from.getTime();
  if (length <= 2 * HOUR) return "minute";
  if (length <= 8 * DAY) return "hour";
  if (length <= 180 * DAY) return "day";
  if (length <= 3 * 365 * DAY) return "week";
  return "month";
}

export function resolve(text: RangeText, now: Date, zone: string): Range {
  const days = customDays(text);
  if (days) {
    const from = startOfDay(days[0], zone);
    const to = startOfDay(addDays(days[1], 1), zone);
    return { text, preset: null, from, to, interval: intervalFor(from, to) };
  }
  const preset = isPreset(text) ? text : "7d";
  const from = new Date(now.getTime() - lengths[preset]);
  return { text, preset, from, to: now, interval: intervalFor(from, now) };
}

/** The range of the same length that ends where this one begins. */
export function before(range: Range): { from: Date; to: Date } {
  return {
    from: new Date(range.from.getTime() - (range.to.getTime() - range.from.getTime())),
    to: range.from,
  };
}

export function rangeLabel(text: RangeText, zone: string): string {
  const days = customDays(text);
  if (!days) return presetLabels[isPreset(text) ? text : "7d"];
  const [first, last] = days.map((day) => dayText(startOfDay(day, zone), zone));
  return first === last ? `${first}` : `${first} – ${last}`;
}

export const presetLabels: Record<Preset, string> = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
};

/** The custom range that shows a moment on the last day of a week. */
export function weekAround(instant: string, zone: string): RangeText {
  const day = dayOf(new Date(instant), zone);
  return customText(addDays(day, -6), day);
}

const shortDay: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
const shortTime: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A label on the time axis: as short as the interval allows. */
export function axisLabel(t: string, range: Range, zone: string): string {
  const at = new Date(t);
  if (range.interval === "month")
    return new Intl.DateTimeFormat("en-GB", { month: "short", year: "2-digit", timeZone: zone }).format(at);
  const long = range.to.getTime() - range.from.getTime() > 2 * DAY;
  const subDay = range.interval === "minute" || range.interval === "hour";
  return new Intl.DateTimeFormat("en-GB", {
    ...(subDay && !long ? shortTime : shortDay),
    timeZone: zone,
  }).format(at);
}

/** A bucket named in full, for the tooltip and for screen readers. */
export function bucketLabel(t: string, interval: Interval, zone: string): string {
  if (interval === "minute" || interval === "hour") return momentText(t, zone);
  if (interval === "month")
    return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: zone }).format(
      new Date(t),
    );
  const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: zone }).format(new Date(t));
  return interval === "week" ? `Week of ${dayText(t, zone)}` : `${weekday} ${dayText(t, zone)}`;
}
