import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { IngestionPoint } from "@/api/types";
import { resolve } from "@/lib/range";
import { arrivalsChart, arrivalsData } from "./arrivals";
import type { Palette } from "./palette";

const NOW = new Date("2026-03-10T12:30:00.000Z");
const palette: Palette = {
  ink: "#000000",
  faint: "#777777",
  line: "#dddddd",
  lineStrong: "#bbbbbb",
  surface: "#ffffff",
  accent: "#2b46e0",
  bad: "#c2351b",
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

function point(hour: number, stored: number, deduplicated: number, refused: number): IngestionPoint {
  const t = `2026-03-10T${String(hour).padStart(2, "0")}:00:00.000Z`;
  return { t, accepted: stored + deduplicated, stored, deduplicated, refused, late: 0, bytes: 0 };
}

function found(lagSeconds: number) {
  const completeThrough = new Date(NOW.getTime() - lagSeconds * 1000).toISOString();
  const points = [point(9, 5, 1, 0), point(10, 0, 0, 2), point(11, 7, 0, 0), point(12, 3, 0, 1)];
  const meta = { completeThrough, lagSeconds, deduplicated: 0, late: 0 };
  return arrivalsData({ range: resolve("24h", NOW, "UTC"), points, meta }, "UTC");
}

function bars(lagSeconds: number) {
  const { series } = arrivalsChart(found(lagSeconds), palette, "UTC");
  return (series as { id: string; data: unknown[] }[]).map(({ id, data }) => ({
    id,
    solid: data.map((bar) => typeof bar === "number"),
  }));
}

test("new events, doubles and refused ones stand on one another", () => {
  const data = found(0);
  expect([data.stored, data.doubles, data.refused]).toEqual([
    [5, 0, 7, 3],
    [1, 0, 0, 0],
    [0, 2, 0, 1],
  ]);
});

test("only the hour that is filling is drawn as open while the numbers are complete", () => {
  expect(bars(0)[0]).toEqual({ id: "stored", solid: [true, false, true, false] });
});

test("every hour after what is complete is drawn as open, and an hour without any has no bar", () => {
  expect(bars(2 * 3600).map(({ solid }) => solid)).toEqual([
    [true, false, false, false],
    [true, false, false, false],
    [false, false, false, false],
  ]);
});
