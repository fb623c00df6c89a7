import { plural } from "@/lib/format";
import { useLive } from "@/live/LiveContext";
import type { LiveStatus } from "@/live/store";

/** Who is there at this moment; while the stream is away, that it is away. */
export function ActiveNow() {
  const { status, counters } = useLive();
  if (status !== "open") return <StatusDot status={status} />;
  const people = counters?.activeUsers ?? 0;
  return (
    <span className="inline-flex items-center gap-2" title="Distinct users of the last 5 minutes">
      <Dot tone={people > 0 ? "text-good" : "text-ink-faint"} beating={people > 0} />
      {people === 0 ? "Nobody active right now" : `${plural(people, "user")} active now`}
    </span>
  );
}

const words: Record<LiveStatus, string> = {
  open: "Streaming",
  connecting: "Connecting…",
  waiting: "Stream lost, reconnecting…",
  "signed-out": "Signed out",
  missing: "No stream for this project",
};

export function StatusDot({ status }: { status: LiveStatus }) {
  const tone = { open: "text-good", connecting: "text-ink-faint" }[status as string] ?? "text-warn";
  return (
    <span className="inline-flex items-center gap-2" role="status">
      <Dot tone={tone} beating={status === "open"} />
      {words[status]}
    </span>
  );
}

function Dot({ tone, beating }: { tone: string; beating: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`size-2 rounded-full bg-current ${tone} ${beating ? "beating" : ""}`}
    />
  );
}
