import type { EChartsCoreOption } from "echarts/core";
import { fullCount } from "@/lib/format";
import type { ChartData } from "./data";
import { fade, type Palette } from "./palette";
import { tooltip } from "./tooltip";

const TOP = 14;
const AXIS = 26;
const STRIP = 44;
const GAP = 22;

/** Two pictures over one time axis: events as an area, and errors as bars with a scale of their own. */
export function eventChart(data: ChartData, palette: Palette, zone: string): EChartsCoreOption {
  const strip = data.totals.errors > 0;
  const grid = [
    { left: 46, right: 18, top: TOP, bottom: AXIS + (strip ? STRIP + GAP : 0) },
    ...(strip ? [{ left: 46, right: 18, height: STRIP, bottom: AXIS }] : []),
  ];
  return {
    animationDuration: 350,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: "Geist, system-ui, sans-serif" },
    grid,
    xAxis: grid.map((_, index) => timeAxis(data, palette, index, index === grid.length - 1)),
    yAxis: grid.map((_, index) => (index === 0 ? eventAxis(data, palette) : errorAxis())),
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: palette.lineStrong, type: "solid" } },
    tooltip: {
      trigger: "axis",
      className: "chart-tooltip",
      appendTo: "body",
      transitionDuration: 0.08,
      padding: 0,
      borderWidth: 0,
      formatter: tooltip(data, palette, zone),
    },
    series: [...lines(data, palette), ...(strip ? [errorBars(data, palette)] : [])],
  };
}

function timeAxis(data: ChartData, palette: Palette, index: number, labelled: boolean) {
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

function eventAxis(data: ChartData, palette: Palette) {
  return {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    axisLabel: { color: palette.faint, fontSize: 12, formatter: axisCount(Math.max(...data.events)) },
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

function errorAxis() {
  return { type: "value", gridIndex: 1, show: false, minInterval: 1, min: 0, max: "dataMax" };
}

function lines(data: ChartData, palette: Palette) {
  const last = data.events.length - 1;
  const running = data.running && last > 0;
  const base = {
    type: "line",
    showSymbol: data.events.length < 3,
    symbol: "circle",
    symbolSize: 6,
    smooth: 0.15,
    smoothMonotone: "x",
  };
  const fill = {
    color: {
      type: "linear",
      x: 0,
      y: 0,
      x2: 0,
      y2: 1,
      colorStops: [
        { offset: 0, color: fade(palette.accent, 0.22) },
        { offset: 1, color: fade(palette.accent, 0.01) },
      ],
    },
  };
  return [
    {
      ...base,
      id: "previous",
      data: data.previous,
      silent: true,
      lineStyle: { width: 1.25, color: fade(palette.faint, 0.7), type: [3, 3] },
      itemStyle: { color: palette.faint },
    },
    {
      ...base,
      id: "events",
      data: running ? data.events.map((value, index) => (index < last ? value : null)) : data.events,
      lineStyle: { width: 2, color: palette.accent },
      itemStyle: { color: palette.accent, borderColor: palette.surface },
      areaStyle: fill,
    },
    {
      ...base,
      id: "running",
      data: running ? data.events.map((value, index) => lateValue(value, index, last)) : [],
      showSymbol: true,
      lineStyle: { width: 2, color: palette.accent, type: [4, 4] },
      itemStyle: { color: palette.accent, borderColor: palette.surface },
      areaStyle: fill,
    },
  ];
}

// The bucket that is still filling hangs on a dashed line and ends in a dot: the present.
function lateValue(value: number, index: number, last: number) {
  if (index < last - 1) return null;
  return { value, symbol: index === last ? "circle" : "none" };
}

function errorBars(data: ChartData, palette: Palette) {
  return {
    id: "errors",
    type: "bar",
    xAxisIndex: 1,
    yAxisIndex: 1,
    // A bucket without errors has no bar at all: the least height is for those with few.
    data: data.errors.map((value) => value || null),
    barMaxWidth: 14,
    barMinHeight: 2,
    barCategoryGap: "35%",
    itemStyle: { color: palette.bad, borderRadius: [2, 2, 0, 0] },
    emphasis: { disabled: true },
  };
}
