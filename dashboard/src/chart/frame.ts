import { fullCount } from "@/lib/format";
import type { Buckets } from "./data";
import type { Palette } from "./palette";

/** What every chart over time looks like: its letters, its pointer and the box beside it. */
export function frame(palette: Palette, formatter: unknown) {
  return {
    animationDuration: 350,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: "Geist, system-ui, sans-serif" },
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: palette.lineStrong, type: "solid" } },
    tooltip: {
      trigger: "axis",
      className: "chart-tooltip",
      appendTo: "body",
      transitionDuration: 0.08,
      padding: 0,
      borderWidth: 0,
      formatter,
    },
  };
}

export function timeAxis(data: Buckets, palette: Palette, index: number, labelled: boolean) {
  return {
    type: "category",
    gridIndex: index,
    data: data.labels,
    boundaryGap: true,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: {
      show: labelled,
      color: palette.faint,
      fontSize: 12,
      margin: 10,
      hideOverlap: true,
      interval: data.labelled,
    },
    axisPointer: { label: { show: false } },
  };
}

export function countAxis(most: number, palette: Palette) {
  return {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    axisLabel: { color: palette.faint, fontSize: 12, formatter: axisCount(most) },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

// One unit for the whole axis: 9K under 12K, never 9,000.
function axisCount(most: number) {
  const unit = [
    { size: 1e9, letter: "B" },
    { size: 1e6, letter: "M" },
    { size: 1e3, letter: "K" },
  ].find(({ size }) => most >= size * 10);
  return (value: number): string =>
    unit && value !== 0 ? `${value / unit.size}${unit.letter}` : fullCount(value);
}
