import { fullCount } from "@/lib/format";
import { bucketLabel } from "@/lib/range";
import type { Buckets, ChartData } from "./data";
import type { Palette } from "./palette";

// Built as elements, never as HTML text, so that nothing an event carries can become markup.
function make(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

interface Row {
  colour: string;
  label: string;
  value: number;
}

function line({ colour, label, value }: Row): HTMLElement {
  const row = make("div", "flex items-center gap-2");
  const dot = make("span", "size-2 rounded-full");
  dot.style.background = colour;
  row.append(
    dot,
    make("span", "flex-1 text-ink-soft", label),
    make("span", "pl-5 font-medium tabular-nums", fullCount(value)),
  );
  return row;
}

interface Hovered {
  dataIndex: number;
}

function state(data: Buckets, index: number): string {
  if (data.behind && index >= data.open) return ", incomplete";
  return data.running && index === data.times.length - 1 ? ", so far" : "";
}

/** What the pointer is over: the bucket by its full name, and its numbers. */
export function bucketBox(data: Buckets, zone: string, rows: (index: number) => Row[]) {
  return (hovered: Hovered | Hovered[]): HTMLElement | string => {
    const index = (Array.isArray(hovered) ? hovered[0] : hovered)?.dataIndex;
    const t = index === undefined ? undefined : data.times[index];
    if (index === undefined || t === undefined) return "";
    const box = make(
      "div",
      "min-w-44 space-y-1 rounded-lg border border-line bg-surface px-3 py-2.5 font-sans text-ink text-[13px] shadow-lifted",
    );
    box.append(make("div", "pb-0.5 font-medium", bucketLabel(t, data.interval, zone) + state(data, index)));
    box.append(...rows(index).map(line));
    return box;
  };
}

export function tooltip(data: ChartData, palette: Palette, zone: string) {
  return bucketBox(data, zone, (index) => {
    const earlier = data.previous[index];
    return [
      { colour: palette.accent, label: "Events", value: data.events[index] ?? 0 },
      { colour: palette.bad, label: "Errors", value: data.errors[index] ?? 0 },
      ...(typeof earlier === "number"
        ? [{ colour: palette.faint, label: "Period before", value: earlier }]
        : []),
    ];
  });
}
