import type { IngestionSource } from "@/api/types";

type Named = Pick<IngestionSource, "kind" | "label" | "source">;

/** What a source is called: a key by its label, everything else by what it is. */
export function sourceName({ kind, label, source }: Named): string {
  if (kind === "visitors") return "Website visitors";
  if (kind === "import") return "Imported files";
  if (kind === "own") return "Pulseboard itself";
  return label ?? `Deleted key …${source.slice(-6)}`;
}

/** `45 s`, `12 min`, `3.5 h`, `2 d`: how long a source usually pauses at most. */
export function pauseText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Number((seconds / 3600).toFixed(1))} h`;
  return `${Number((seconds / 86_400).toFixed(1))} d`;
}
