/** Everything about clocks and calendars. Instants are Dates or RFC 3339 texts; zones are IANA names. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

export function allZones(): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return zones.includes("UTC") ? zones : ["UTC", ...zones];
}

/** `14:03:27.120` */
export function clockTime(instant: string, zone: string): string {
  return format(zone, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** The clock time for an instant of today, `15 Jan 2026` for any other. */
export function rowTime(instant: string, today: string, zone: string): string {
  return dayOf(new Date(instant), zone) === today ? clockTime(instant, zone) : dayText(instant, zone);
}

/** `15 Jan 2026` */
export function dayText(instant: Date | string, zone: string): string {
  return format(zone, { day: "numeric", month: "short", year: "numeric" }).format(new Date(instant));
}

/** `15 Jan 2026, 14:03` */
export function momentText(instant: Date | string, zone: string): string {
  return format(zone, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** `just now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`, and a date past a month. */
export function ago(instant: string, now: Date, zone: string): string {
  const seconds = Math.round((now.getTime() - new Date(instant).getTime()) / 1000);
  if (seconds < -60) return momentText(instant, zone);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return dayText(instant, zone);
}

/** Minutes that `zone` is ahead of UTC at an instant. */
export function offsetMinutes(instant: Date, zone: string): number {
  const parts = format(zone, {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  }).formatToParts(instant);
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value);
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return Math.round((wall - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}

/** `UTC`, `UTC+2`, `UTC−3:30` */
export function offsetText(instant: Date, zone: string): string {
  const minutes = offsetMinutes(instant, zone);
  if (minutes === 0) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
}

/** The instant at which the calendar day `2026-03-29` begins in `zone`. */
export function startOfDay(day: string, zone: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`);
  const guess = new Date(midnight.getTime() - offsetMinutes(midnight, zone) * 60_000);
  // The offset at UTC midnight may differ from the one at local midnight on a day that changes clocks.
  return new Date(midnight.getTime() - offsetMinutes(guess, zone) * 60_000);
}

/** The calendar day, `2026-03-29`, on which an instant falls in `zone`. */
export function dayOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetMinutes(instant, zone) * 60_000).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
