import { BarChart, LineChart } from "echarts/charts";
import { AxisPointerComponent, GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTheme } from "@/lib/theme";
import { type Palette, readPalette } from "./palette";

use([LineChart, BarChart, GridComponent, TooltipComponent, AxisPointerComponent, CanvasRenderer]);

interface Props {
  /** What is drawn; the same function for the same picture. */
  option: (palette: Palette) => EChartsCoreOption;
  /** A bucket was clicked. */
  onPick?: (index: number) => void;
}

/** The one component that loads ECharts; always import what uses it lazily. */
export function Canvas({ option, onPick }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const { dark } = useTheme();

  useEffect(() => {
    if (!host.current) return;
    const made = init(host.current);
    chart.current = made;
    made.getZr().on("click", ({ offsetX, offsetY }) => {
      const [index] = made.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) ?? [];
      if (typeof index === "number") pick.current?.(Math.round(index));
    });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read anew when the theme changes
  useEffect(() => {
    chart.current?.setOption(option(readPalette()), {
      notMerge: false,
      replaceMerge: ["grid", "xAxis", "yAxis", "series"],
    });
  }, [option, dark]);

  return <div ref={host} className="size-full" />;
}
