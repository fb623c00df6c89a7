import { memo } from "react";
import { dayOf, momentText, rowTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";
import { measure, personOf, titled, toneOf } from "@/live/describe";
import type { LiveEvent } from "@/live/message";
import { cameLive } from "@/live/store";

const SHOWN = 200;

interface Props {
  events: readonly LiveEvent[];
  zone: string;
  chosen: string | null;
  onChoose: (event: LiveEvent) => void;
}

export function EventList({ events, zone, chosen, onChoose }: Props) {
  const today = dayOf(useNow(60_000), zone);
  return (
    <>
      <ol aria-label="Events, newest first" className="divide-y divide-line/70">
        {events.slice(0, SHOWN).map((event) => (
          <Row
            key={event.id}
            event={event}
            today={today}
            zone={zone}
            chosen={event.id === chosen}
            onChoose={onChoose}
          />
        ))}
      </ol>
      {events.length > SHOWN ? (
        <p className="border-t border-line px-5 py-3 text-center text-ink-faint">
          The newest {SHOWN} are shown. Filter to find older ones.
        </p>
      ) : null}
    </>
  );
}

const tones = { bad: "text-bad", warn: "text-warn", plain: "text-ink-faint" };
const dots = { bad: "bg-bad", warn: "bg-warn", plain: "bg-line-strong" };

interface RowProps {
  event: LiveEvent;
  today: string;
  zone: string;
  chosen: boolean;
  onChoose: (event: LiveEvent) => void;
}

const Row = memo(function Row({ event, today, zone, chosen, onChoose }: RowProps) {
  const tone = toneOf(event);
  const { title, detail } = titled(event);
  return (
    <li className={cameLive(event) ? "animate-arrive" : undefined}>
      <button
        type="button"
        onClick={() => onChoose(event)}
        className={`grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-2 text-left -outline-offset-2 hover:bg-line/40 sm:px-5 md:grid-cols-[7rem_7.5rem_minmax(0,1fr)_10rem_8.5rem] ${
          chosen ? "bg-accent-soft" : ""
        }`}
      >
        <time
          dateTime={event.timestamp}
          title={momentText(event.timestamp, zone)}
          className="font-mono text-[0.88rem] text-ink-faint max-md:order-3 max-md:col-start-3 max-md:row-start-1"
        >
          {rowTime(event.timestamp, today, zone)}
        </time>
        <span
          className={`flex min-w-0 items-center gap-2 font-mono text-[0.86rem] ${tones[tone]} max-md:order-1`}
        >
          <span aria-hidden="true" className={`size-1.5 shrink-0 rounded-full ${dots[tone]}`} />
          <span className="truncate max-md:max-w-24">{event.type}</span>
        </span>
        <span className="flex min-w-0 items-baseline gap-2.5 max-md:order-2">
          <span className="max-w-full shrink-0 truncate font-medium">{title}</span>
          <span className="truncate text-ink-soft max-md:hidden">{detail}</span>
        </span>
        <span className="truncate text-ink-faint max-md:order-4 max-md:col-span-2 max-md:pl-3.5 md:text-ink-soft">
          <span className="md:hidden">{detail || personOf(event)}</span>
          <span className="max-md:hidden">{personOf(event)}</span>
        </span>
        <span className={`text-right tabular-nums max-md:order-5 ${tones[tone]}`}>{measure(event)}</span>
      </button>
    </li>
  );
});
