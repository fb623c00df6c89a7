import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Point } from "@/api/types";
import { resolve } from "@/lib/range";
import { chartData } from "./data";

const NOW = new Date("2026-03-10T12:30:00.000Z");
const HOUR = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

function hours(first: string, count: number): Point[] {
  const start = new Date(first).getTime();
  return Array.from({ length: count }, (_, index) => ({
    t: new Date(start + index * HOUR).toISOString(),
    value: index + 1,
  }));
}

function chart(text: string, points: Point[], lagSeconds: number, now = NOW) {
  const meta = {
    completeThrough: new Date(now.getTime() - lagSeconds * 1000).toISOString(),
    lagSeconds,
    deduplicated: 0,
    late: 0,
  };
  return chartData(
    { range: resolve(text, now, "UTC"), events: points, previous: [], errors: [], meta },
    "UTC",
  );
}

test("only the bucket that is filling may still grow while the numbers are complete", () => {
  const data = chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 0.4);
  expect(data.times.length).toBe(24);
  expect([data.open, data.behind, data.running]).toEqual([23, null, true]);
});

test("every bucket that ends after what is complete may still grow when the numbers are behind", () => {
  const data = chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 2.4 * 3600);
  expect(data.times[data.open]).toBe("2026-03-10T10:00:00.000Z");
  expect(data.behind).toBe("2026-03-10T10:06:00.000Z");
});

test("a bucket that ends at the very moment up to which numbers are complete is complete", () => {
  const data = chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 1800);
  expect(data.times[data.open]).toBe("2026-03-10T12:00:00.000Z");
});

test("a few seconds are not worth saying", () => {
  expect(chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 5).behind).toBeNull();
  expect(chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 5.1).behind).not.toBeNull();
});

test("a range of the past is complete unless the numbers are behind its end", () => {
  const points = hours("2026-03-09T00:00:00.000Z", 24);
  expect(chart("2026-03-09..2026-03-09", points, 1).open).toBe(24);
  const behind = chart("2026-03-09..2026-03-09", points, 13.5 * 3600);
  expect(behind.open).toBe(23);
  expect(behind.running).toBe(false);
});

test("when nothing of the range is complete, all of it may still grow", () => {
  expect(chart("24h", hours("2026-03-09T12:00:00.000Z", 25), 48 * 3600).open).toBe(0);
});
