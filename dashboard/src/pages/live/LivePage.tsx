import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { eventsQuery } from "@/api/queries";
import { Card, PageHead } from "@/components/Card";
import { StatusDot } from "@/components/live/ActiveNow";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { ZoneNote } from "@/components/ZoneNote";
import { useProject } from "@/lib/project";
import { toneOf } from "@/live/describe";
import { fits, wordsOf } from "@/live/filter";
import { useLive, useLiveStore } from "@/live/LiveContext";
import type { LiveEvent } from "@/live/message";
import type { LiveState } from "@/live/store";
import { EventDrawer } from "./EventDrawer";
import { EventList } from "./EventList";
import { LiveCounters } from "./LiveCounters";
import { NothingFits, NothingYet } from "./NothingHere";
import { Toolbar } from "./Toolbar";

const FIRST_FILL = 100;

export function LivePage() {
  const project = useProject();
  const live = useLive();
  const store = useLiveStore();
  const first = useFirstFill(live.status);
  const [paused, setPaused] = useState<LiveState | null>(null);
  const [typed, setTyped] = useState("");
  const [errorsOnly, setErrorsOnly] = useState(false);
  const [chosen, setChosen] = useState<LiveEvent | null>(null);
  const source = paused ?? live;
  const shown = useShown(source.events, typed, errorsOnly);
  const filtered = typed.trim() !== "" || errorsOnly;
  const clear = () => {
    store.clear();
    if (paused) setPaused({ ...paused, events: [] });
  };

  return (
    <>
      <PageHead
        title="Live"
        note={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StatusDot status={live.status} />
            <ZoneNote zone={project.timezone} />
          </span>
        }
      />
      <div className="space-y-4">
        <LiveCounters live={live} />
        <Card className="overflow-hidden">
          <Toolbar
            typed={typed}
            onType={setTyped}
            errorsOnly={errorsOnly}
            onErrorsOnly={setErrorsOnly}
            missed={paused ? live.received - paused.received : null}
            onPause={() => setPaused(paused ? null : live)}
            onClear={clear}
          />
          {shown.length > 0 ? (
            <EventList
              events={shown}
              zone={project.timezone}
              chosen={chosen?.id ?? null}
              onChoose={setChosen}
            />
          ) : first.isPending ? (
            <ListSkeleton rows={7} />
          ) : first.error && source.events.length === 0 ? (
            <LoadFailure error={first.error} onRetry={() => void first.refetch()} />
          ) : filtered && source.events.length > 0 ? (
            <NothingFits
              onReset={() => {
                setTyped("");
                setErrorsOnly(false);
              }}
            />
          ) : (
            <NothingYet />
          )}
        </Card>
      </div>
      <EventDrawer event={chosen} events={shown} zone={project.timezone} onChoose={setChosen} />
    </>
  );
}

/** Puts the newest stored events under the stream at the start, and again after each gap in it. */
function useFirstFill(status: LiveState["status"]) {
  const { id } = useProject();
  const store = useLiveStore();
  const query = useQuery({ ...eventsQuery(id, FIRST_FILL), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  const { data, refetch } = query;
  useEffect(() => {
    if (data) store.fill(data);
  }, [data, store]);
  useEffect(() => {
    if (status === "open") void refetch({ cancelRefetch: false });
  }, [status, refetch]);
  return query;
}

function useShown(events: readonly LiveEvent[], typed: string, errorsOnly: boolean): LiveEvent[] {
  return useMemo(() => {
    const words = wordsOf(typed);
    return events.filter((event) => (!errorsOnly || toneOf(event) === "bad") && fits(event, words));
  }, [events, typed, errorsOnly]);
}
