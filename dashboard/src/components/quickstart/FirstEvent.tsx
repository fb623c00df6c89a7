import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { eventsQuery } from "@/api/queries";
import type { StoredEvent } from "@/api/types";
import { Icon } from "@/components/icons";
import { useProject } from "@/lib/project";
import { clockTime } from "@/lib/time";
import { useLive } from "@/live/LiveContext";

/** Waits for the next event of the project and says when it is there. */
export function FirstEvent() {
  const event = useNextEvent();
  return event ? <Received event={event} /> : <Waiting />;
}

/** The first event that came after this was drawn, over the stream or, while that is away, out of the list. */
function useNextEvent(): StoredEvent | undefined {
  const { id } = useProject();
  const { received, events, status } = useLive();
  const [before] = useState(received);
  const [caught, setCaught] = useState<StoredEvent>();
  const [since] = useState(() => new Date(Date.now() - 2000).toISOString());
  const streamed = received > before ? events[0] : undefined;
  const list = useQuery({
    ...eventsQuery(id, 1),
    enabled: !caught && !streamed && status !== "open",
    refetchInterval: 3000,
  });
  const listed = list.data?.[0];
  const next = caught ?? streamed ?? (listed && listed.receivedAt > since ? listed : undefined);
  // The first one stays: under a busy stream the line would change faster than it can be read.
  if (next && !caught) setCaught(next);
  return next;
}

function Waiting() {
  return (
    <p
      role="status"
      className="flex items-center gap-3 rounded-lg border border-dashed border-line-strong px-4 py-3 text-ink-soft"
    >
      <span aria-hidden="true" className="beating size-2.5 rounded-full bg-current text-accent" />
      Waiting for an event… it shows here the moment it arrives.
    </p>
  );
}

function Received({ event }: { event: StoredEvent }) {
  const { id, timezone } = useProject();
  return (
    <div
      role="status"
      className="flex animate-appear flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-good-soft px-4 py-3 text-good"
    >
      <Icon name="check" className="size-5" />
      <p className="min-w-0 flex-1 basis-48">
        Received <strong className="font-semibold break-all">{event.name}</strong> at{" "}
        <span className="tabular-nums">{clockTime(event.receivedAt, timezone)}</span>. It works.
      </p>
      <span className="flex gap-4 font-medium max-sm:pl-8">
        <Link to="/p/$projectId" params={{ projectId: id }} className="hover:underline">
          Overview
        </Link>
        <Link to="/p/$projectId/live" params={{ projectId: id }} className="hover:underline">
          Live view
        </Link>
      </span>
    </div>
  );
}
