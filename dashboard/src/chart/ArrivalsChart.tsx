import { useCallback } from "react";
import { type ArrivalsData, arrivalsChart } from "./arrivals";
import { Canvas } from "./Canvas";
import type { Palette } from "./palette";

export default function ArrivalsChart({ data, zone }: { data: ArrivalsData; zone: string }) {
  const option = useCallback((palette: Palette) => arrivalsChart(data, palette, zone), [data, zone]);
  return <Canvas option={option} />;
}
