import { useCallback } from "react";
import { Canvas } from "./Canvas";
import type { ChartData } from "./data";
import { eventChart } from "./option";
import type { Palette } from "./palette";

interface Props {
  data: ChartData;
  zone: string;
  /** A bucket was clicked. */
  onPick: (index: number) => void;
}

export default function EventChart({ data, zone, onPick }: Props) {
  const option = useCallback((palette: Palette) => eventChart(data, palette, zone), [data, zone]);
  return <Canvas option={option} onPick={onPick} />;
}
