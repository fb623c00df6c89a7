import type { Focus } from "@/api/queries";
import { isRange, type RangeText } from "./range";

/** What the overview keeps in the address bar: the range, and the name or type that it is narrowed to. */
export interface OverviewSearch {
  range?: RangeText;
  name?: string;
  type?: string;
}

export function readSearch(search: Record<string, unknown>): OverviewSearch {
  const { range, name, type } = search;
  // The router reads a number out of ?name=404; an event may well be called that.
  const text = (value: unknown): string | undefined =>
    typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  const focused = text(name) ? { name: text(name) } : text(type) ? { type: text(type) } : {};
  return { ...(isRange(range) ? { range } : {}), ...(focused as { name?: string; type?: string }) };
}

export function focusOf({ name, type }: OverviewSearch): Focus | undefined {
  if (name !== undefined) return { property: "name", value: name };
  return type === undefined ? undefined : { property: "type", value: type };
}
