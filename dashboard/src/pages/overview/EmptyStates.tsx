import type { StoredEvent } from "@/api/types";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { PulseLine } from "@/components/Logo";
import { QuickStart } from "@/components/quickstart/QuickStart";
import { useProject } from "@/lib/project";
import { type RangeText, weekAround } from "@/lib/range";
import { momentText } from "@/lib/time";

/** A project that has never received anything: the way to its first event. */
export function EmptyProject() {
  return (
    <Card className="overflow-hidden">
      <PulseLine className="h-24 w-full border-b border-line bg-paper" />
      <div className="mx-auto max-w-3xl px-4 py-8 sm:px-8">
        <h2 className="text-[1.3rem] font-semibold tracking-[-0.02em]">Waiting for the first heartbeat</h2>
        <p className="mt-1 mb-6 max-w-xl text-ink-soft">
          Send one event and this page fills with numbers by itself: events, users, sessions and errors, each
          against the period before.
        </p>
        <QuickStart />
      </div>
    </Card>
  );
}

/** Events exist, but none of them in the range: says where they are. */
export function EmptyRange({ newest, onShow }: { newest: StoredEvent; onShow: (range: RangeText) => void }) {
  const { timezone } = useProject();
  return (
    <div className="flex animate-appear flex-wrap items-center justify-between gap-3 rounded-xl bg-accent-soft px-4 py-3 sm:px-5">
      <p>
        No events in this range. The newest is <strong className="font-semibold">{newest.name}</strong> of{" "}
        {momentText(newest.timestamp, timezone)}.
      </p>
      <Button small onClick={() => onShow(weekAround(newest.timestamp, timezone))}>
        Show its week
      </Button>
    </div>
  );
}
