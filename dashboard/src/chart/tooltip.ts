import { fullCount } from "@/lib/format";
import { bucketLabel } from "@/lib/range";
import type { ChartData } from "./data";
import type { Palette } from "./palette";

// Built as elements, never as HTML text, so that nothing an event carries can become markup.
function make(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function row(colour: string, label: string, value: string): HTMLElement {
  const line = make("div", "flex items-center gap-2");
  const dot = make("span", "size-2 rounded-full");
  dot.style.background = colour;
  line.append(
    dot,
    make("span", "flex-1 text-ink-soft", label),
    make("span", "pl-5 font-medium tabular-nums", value),
  );
  return line;
}

interface Hovered {
  dataIndex: number;
}

/** What the pointer is over: the bucket by its full name, and its three numbers. */
export function tooltip(data: ChartData, palette: Palette, zone: string) {
  return (hovered: Hovered | Hovered[]): HTMLElement | string => {
    const index = (Array.isArray(hovered) ? hovered[0] : hovered)?.dataIndex;
    const t = index === undefined ? undefined : data.times[index];
    if (index === undefined || t === undefined) return "";
    const box = make(
      "div",
      "min-w-44 space-y-1 rounded-lg border border-line bg-surface px-3 py-2.5 font-sans text-ink text-[13px] shadow-lifted",
    );
    const running = data.running && index === data.times.length - 1;
    box.append(
      make("div", "pb-0.5 font-medium", bucketLabel(t, data.interval, zone) + (running ? ", so far" : "")),
    );
    box.append(row(palette.accent, "Events", fullCount(data.events[index] ?? 0)));
    box.append(row(palette.bad, "Errors", fullCount(data.errors[index] ?? 0)));
    const earlier = data.previous[index];
    if (typeof earlier === "number") box.append(row(palette.faint, "Period before", fullCount(earlier)));
    return box;
  };
}
