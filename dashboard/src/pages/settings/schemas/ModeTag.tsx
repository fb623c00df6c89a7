import type { EventSchema } from "@/api/types";

export function ModeTag({ mode }: { mode: EventSchema["mode"] }) {
  const look = mode === "reject" ? "bg-warn-soft text-warn" : "bg-line/70 text-ink-soft";
  return (
    <span
      className={`rounded px-1.5 py-0.5 text-[0.86rem] leading-tight font-medium whitespace-nowrap ${look}`}
    >
      {mode === "reject" ? "Refuses" : "Warns"}
    </span>
  );
}
