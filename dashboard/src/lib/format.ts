const whole = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** 9,128,400 in full; from ten millions on 12.8M. */
export function count(value: number): string {
  return Math.abs(value) < 10_000_000 ? whole.format(value) : compact.format(value);
}

export function fullCount(value: number): string {
  return whole.format(value);
}

/** A fraction as a percentage with as many digits as tell something: 0 %, 0.04 %, 3.1 %, 42 %. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  if (value === 0) return "0%";
  if (Math.abs(value) < 0.01) return "<0.01%";
  if (Math.abs(value) < 1) return `${value.toFixed(2)}%`;
  return `${value.toFixed(Math.abs(value) < 9.95 ? 1 : 0)}%`;
}

export interface Change {
  direction: "up" | "down" | "same";
  text: string;
}

/** How `now` stands against `before`; null when there is nothing to compare with. */
export function change(now: number, before: number | undefined): Change | null {
  if (before === undefined) return null;
  if (before === now) return { direction: "same", text: "no change" };
  if (before === 0) return { direction: "up", text: "new" };
  const ratio = (now - before) / before;
  if (Math.abs(ratio) < 0.0005) return { direction: "same", text: "no change" };
  const size =
    Math.abs(ratio) >= 10 ? `${whole.format(Math.round(now / before))}×` : percent(Math.abs(ratio));
  return { direction: ratio > 0 ? "up" : "down", text: size };
}

/** A rate against a rate, in percentage points. */
export function pointChange(now: number, before: number | undefined): Change | null {
  if (before === undefined) return null;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.005) return { direction: "same", text: "no change" };
  return { direction: points > 0 ? "up" : "down", text: `${Math.abs(points).toFixed(2)} pp` };
}

/** Milliseconds as a person reads them: 0.4 ms, 38 ms, 1.24 s. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(2)} s`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

/** Bytes in the unit that keeps the number short: 0 B, 812 B, 4.2 KB, 38 MB. */
export function bytes(value: number): string {
  const power = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  const digits = power === 0 || scaled >= 9.95 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${["B", "KB", "MB", "GB", "TB"][power]}`;
}
