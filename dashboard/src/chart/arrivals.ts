import type { EChartsCoreOption } from "echarts/core";
import type { Completeness, IngestionPoint } from "@/api/types";
import type { Range } from "@/lib/range";
import { type Buckets, buckets } from "./data";
import { countAxis, frame, timeAxis } from "./frame";
import { fade, type Palette } from "./palette";
import { bucketBox } from "./tooltip";

/** What came in each bucket: new events, doubles, and what was refused. */
export interface ArrivalsData extends Buckets {
  stored: number[];
  doubles: number[];
  refused: number[];
}

interface Found {
  range: Range;
  points: readonly IngestionPoint[];
  meta: Completeness;
}

export function arrivalsData({ range, points, meta }: Found, zone: string): ArrivalsData {
  const times = points.map(({ t }) => t);
  return {
    ...buckets(times, range, meta, zone),
    stored: points.map(({ stored }) => stored),
    doubles: points.map(({ deduplicated }) => deduplicated),
    refused: points.map(({ refused }) => refused),
  };
}

/** Bars of what came, one on the other: the height of a bar is every event that was sent. */
export function arrivalsChart(data: ArrivalsData, palette: Palette, zone: string): EChartsCoreOption {
  const parts = [
    { id: "stored", label: "New", values: data.stored, colour: palette.accent },
    { id: "doubles", label: "Doubles", values: data.doubles, colour: palette.faint },
    { id: "refused", label: "Refused", values: data.refused, colour: palette.bad },
  ];
  const heights = data.times.map((_, index) =>
    parts.reduce((height, { values }) => height + (values[index] ?? 0), 0),
  );
  const rows = (index: number) =>
    parts.map(({ label, values, colour }) => ({ colour, label, value: values[index] ?? 0 }));
  return {
    ...frame(palette, bucketBox(data, zone, rows)),
    grid: [{ left: 46, right: 18, top: 14, bottom: 26 }],
    xAxis: [timeAxis(data, palette, 0, true)],
    yAxis: [countAxis(Math.max(0, ...heights), palette)],
    series: parts.map(({ id, values, colour }) => ({
      id,
      type: "bar",
      stack: "all",
      barMaxWidth: 28,
      barCategoryGap: "30%",
      emphasis: { disabled: true },
      itemStyle: { color: colour },
      data: values.map((value, index) => bar(value, index, data, colour)),
    })),
  };
}

// Bars that may still grow are hatched in the air: an outline in their colour, and little inside.
function bar(value: number, index: number, data: Buckets, colour: string) {
  if (value === 0) return null;
  if (index < data.open) return value;
  const itemStyle = { color: fade(colour, 0.25), borderColor: colour, borderType: "dashed", borderWidth: 1 };
  return { value, itemStyle };
}
