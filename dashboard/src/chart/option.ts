import type { EChartsCoreOption } from "echarts/core";
import type { ChartData } from "./data";
import { countAxis, frame, timeAxis } from "./frame";
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
    ...frame(palette, tooltip(data, palette, zone)),
    grid,
    xAxis: grid.map((_, index) => timeAxis(data, palette, index, index === grid.length - 1)),
    yAxis: grid.map((_, index) => (index === 0 ? countAxis(Math.max(...data.events), palette) : errorAxis())),
    series: [...lines(data, palette), ...(strip ? [errorBars(data, palette)] : [])],
  };
}

function errorAxis() {
  return { type: "value", gridIndex: 1, show: false, minInterval: 1, min: 0, max: "dataMax" };
}

function lines(data: ChartData, palette: Palette) {
  const split = data.events.length > 1 && data.open < data.events.length;
  const base = {
    type: "line",
    showSymbol: data.events.length < 3,
    symbol: "circle",
    symbolSize: 6,
    smooth: 0.15,
    smoothMonotone: "x",
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
      data: split ? data.events.map((value, index) => (index < data.open ? value : null)) : data.events,
      lineStyle: { width: 2, color: palette.accent },
      itemStyle: { color: palette.accent, borderColor: palette.surface },
      areaStyle: { color: downward(palette.accent, 0.22) },
    },
    {
      ...base,
      id: "open",
      data: split ? data.events.map((value, index) => openValue(value, index, data)) : [],
      showSymbol: true,
      lineStyle: { width: 2, color: fade(palette.accent, data.behind ? 0.6 : 1), type: [4, 4] },
      itemStyle: { color: palette.accent, borderColor: palette.surface },
      areaStyle: { color: downward(palette.accent, data.behind ? 0.08 : 0.22) },
    },
  ];
}

function downward(colour: string, opacity: number) {
  const colorStops = [
    { offset: 0, color: fade(colour, opacity) },
    { offset: 1, color: fade(colour, 0.01) },
  ];
  return { type: "linear", x: 0, y: 0, x2: 0, y2: 1, colorStops };
}

// Buckets that may still grow hang on a dashed line; the one that is filling ends it in a dot: the present.
function openValue(value: number, index: number, data: ChartData) {
  if (index < data.open - 1) return null;
  const present = data.running && index === data.events.length - 1;
  return { value, symbol: present ? "circle" : "none" };
}

function errorBars(data: ChartData, palette: Palette) {
  return {
    id: "errors",
    type: "bar",
    xAxisIndex: 1,
    yAxisIndex: 1,
    // A bucket without errors has no bar at all: the least height is for those with few.
    data: data.errors.map((value, index) => (value ? errorValue(value, index, data) : null)),
    barMaxWidth: 14,
    barMinHeight: 2,
    barCategoryGap: "35%",
    itemStyle: { color: palette.bad, borderRadius: [2, 2, 0, 0] },
    emphasis: { disabled: true },
  };
}

function errorValue(value: number, index: number, { behind, open }: ChartData) {
  return behind && index >= open ? { value, itemStyle: { opacity: 0.5 } } : value;
}
