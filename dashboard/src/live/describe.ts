import { duration } from "@/lib/format";
import type { LiveEvent } from "./message";

export type Tone = "bad" | "warn" | "plain";

/** Errors by the product's definition are bad; a client's mistake deserves a second look. */
export function toneOf(event: LiveEvent): Tone {
  const status = event.statusCode ?? 0;
  if (event.type.toUpperCase() === "ERROR" || status >= 500) return "bad";
  return status >= 400 ? "warn" : "plain";
}

/** The one line that tells what an event is about, beyond its name; empty when nothing does. */
export function gist(event: LiveEvent): string {
  if (event.message) return event.message;
  const route = event.endpoint || event.path || event.url;
  if (route) return [event.method, route].filter(Boolean).join(" ");
  return properties(event.properties);
}

// They stand at the end of the line already.
const MEASURED = new Set(["value", "amount", "currency"]);

function properties(values: LiveEvent["properties"]): string {
  return Object.entries(values ?? {})
    .filter(([key, value]) => !MEASURED.has(key) && (typeof value !== "object" || value === null))
    .slice(0, 4)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join("  ");
}

/** What an event is called and what it is about; nothing is said twice, and a name that is only its type not at all. */
export function titled(event: LiveEvent): { title: string; detail: string } {
  const detail = gist(event);
  if (detail && event.name.toUpperCase() === event.type.toUpperCase()) return { title: detail, detail: "" };
  return { title: event.name, detail: detail === event.name ? "" : detail };
}

/** Status, duration or money: what stands at the end of the line. */
export function measure(event: LiveEvent): string {
  const parts: string[] = [];
  if (event.statusCode) parts.push(String(event.statusCode));
  if (typeof event.durationMs === "number") parts.push(duration(event.durationMs));
  if (typeof event.value === "number") parts.push(`${event.value} ${event.currency ?? ""}`.trim());
  return parts.join(" · ");
}

export function personOf(event: LiveEvent): string | null {
  return event.userId || event.anonymousId || null;
}
