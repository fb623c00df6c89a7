import { expect, test } from "vitest";
import {
  axisLabel,
  before,
  customDays,
  intervalFor,
  isRange,
  rangeLabel,
  resolve,
  weekAround,
} from "./range";

const now = new Date("2026-01-15T14:23:00Z");

test("a preset ends now and is as long as it says", () => {
  const { from, to, interval, preset } = resolve("24h", now, "Europe/Berlin");
  expect(to).toEqual(now);
  expect(from.toISOString()).toBe("2026-01-14T14:23:00.000Z");
  expect([interval, preset]).toEqual(["hour", "24h"]);
});

test("a custom range covers both of its days in the project's zone", () => {
  const { from, to, preset } = resolve("2026-03-28..2026-03-29", now, "Europe/Berlin");
  expect(from.toISOString()).toBe("2026-03-27T23:00:00.000Z");
  expect(to.toISOString()).toBe("2026-03-29T22:00:00.000Z");
  expect(preset).toBeNull();
});

test("the address bar may hold anything, and only ranges are taken from it", () => {
  expect(["24h", "90d", "2026-01-01..2026-01-31"].every(isRange)).toBe(true);
  const wrong = [
    "",
    "25h",
    "2026-01-31..2026-01-01",
    "2026-02-30..2026-03-01",
    "2026-1-1..2026-1-2",
    7,
    null,
  ];
  expect(wrong.some(isRange)).toBe(false);
});

test("what cannot be read falls back to a week", () => {
  expect(resolve("nonsense", now, "UTC").to).toEqual(now);
  expect(resolve("nonsense", now, "UTC").preset).toBe("7d");
});

test("the period before is equally long and ends where the range begins", () => {
  const range = resolve("7d", now, "UTC");
  expect(before(range).to).toEqual(range.from);
  expect(before(range).from.toISOString()).toBe("2026-01-01T14:23:00.000Z");
});

test("buckets grow with the range", () => {
  const days = (n: number) => intervalFor(new Date(0), new Date(n * 86_400_000));
  expect([0.05, 1, 7, 30, 180, 365, 2000].map(days)).toEqual([
    "minute",
    "hour",
    "hour",
    "day",
    "day",
    "week",
    "month",
  ]);
});

test("the week shown around an event ends with its day", () => {
  expect(weekAround("2015-05-20T21:05:00Z", "UTC")).toBe("2015-05-14..2015-05-20");
  expect(customDays(weekAround("2015-05-20T23:30:00Z", "Europe/Berlin"))?.[1]).toBe("2015-05-21");
});

test("labels are short: hours within a day or two, days beyond", () => {
  const label = (text: string) =>
    axisLabel("2026-01-15T13:00:00Z", resolve(text, now, "Europe/Berlin"), "Europe/Berlin");
  expect(label("24h")).toBe("14:00");
  expect(label("7d")).toBe("15 Jan");
  expect(rangeLabel("2026-01-01..2026-01-01", "UTC")).toBe("1 Jan 2026");
});
