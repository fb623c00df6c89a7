import * as Dialog from "@radix-ui/react-dialog";
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { IconButton } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Json } from "@/components/Json";
import { backdrop } from "@/components/menu";
import { duration } from "@/lib/format";
import { clockTime, dayText } from "@/lib/time";
import { toneOf } from "@/live/describe";
import type { LiveEvent } from "@/live/message";

interface Props {
  event: LiveEvent | null;
  /** What the arrow keys walk through, newest first. */
  events: readonly LiveEvent[];
  zone: string;
  onChoose: (event: LiveEvent | null) => void;
}

export function EventDrawer({ event, events, zone, onChoose }: Props) {
  const last = useLast(event);
  const walk = (pressed: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
    if (!step || !event) return;
    pressed.preventDefault();
    const next = events[events.findIndex(({ id }) => id === event.id) + step];
    if (next) onChoose(next);
  };
  return (
    <Dialog.Root open={event !== null} onOpenChange={(open) => !open && onChoose(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className={backdrop} />
        <Dialog.Content
          onKeyDown={walk}
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(34rem,100vw)] animate-slide-in flex-col border-l border-line bg-surface shadow-lifted outline-none"
        >
          {last ? <Details event={last} zone={zone} /> : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The latest event that was not null, so that a closing drawer does not go blank first. */
function useLast(event: LiveEvent | null): LiveEvent | null {
  const [last, setLast] = useState(event);
  useEffect(() => {
    if (event) setLast(event);
  }, [event]);
  return event ?? last;
}

function Details({ event, zone }: { event: LiveEvent; zone: string }) {
  const json = JSON.stringify(present(event), null, 2);
  const bad = toneOf(event) === "bad";
  return (
    <>
      <header className="flex items-start gap-3 border-b border-line px-5 py-4">
        <div className="min-w-0 flex-1">
          <p className={`font-mono text-[0.88rem] ${bad ? "text-bad" : "text-ink-faint"}`}>{event.type}</p>
          <Dialog.Title className="text-[1.25rem] leading-snug font-semibold tracking-[-0.01em] break-words">
            {event.name}
          </Dialog.Title>
        </div>
        <Dialog.Close asChild>
          <IconButton icon="close" label="Close" />
        </Dialog.Close>
      </header>
      <div className="flex-1 space-y-6 overflow-y-auto px-5 py-5">
        <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-2">
          {rows(event, zone).map(([label, value]) => (
            <Entry key={label} label={label}>
              {value}
            </Entry>
          ))}
        </dl>
        <section>
          <div className="mb-2 flex items-center justify-between">
            <h3 className="font-semibold">JSON</h3>
            <CopyButton text={json} label="Copy JSON" />
          </div>
          <Json text={json} />
        </section>
      </div>
      <footer className="border-t border-line px-5 py-2.5 text-[0.93rem] text-ink-faint max-sm:hidden">
        <kbd className="font-sans">↑</kbd> <kbd className="font-sans">↓</kbd> newer, older ·{" "}
        <kbd className="font-sans">Esc</kbd> close
      </footer>
    </>
  );
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="break-words tabular-nums">{children}</dd>
    </>
  );
}

/** The event without its empty fields. */
function present(event: LiveEvent): Partial<LiveEvent> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null && value !== ""));
}

/** The fields that are there, as label and text. */
function rows(event: LiveEvent, zone: string): [string, string][] {
  const lag = new Date(event.receivedAt).getTime() - new Date(event.timestamp).getTime();
  const all: [string, string | number | null | undefined][] = [
    ["Happened", `${dayText(event.timestamp, zone)}, ${clockTime(event.timestamp, zone)}`],
    [
      "Received",
      lag >= 0 && lag < 60_000
        ? `${duration(lag)} later`
        : `${dayText(event.receivedAt, zone)}, ${clockTime(event.receivedAt, zone)}`,
    ],
    ["User", event.userId],
    ["Anonymous id", event.anonymousId],
    ["Session", event.sessionId],
    [
      event.method ? "Request" : "Path",
      [event.method, event.endpoint || event.path].filter(Boolean).join(" "),
    ],
    ["URL", event.url],
    ["Status", event.statusCode],
    ["Duration", typeof event.durationMs === "number" ? duration(event.durationMs) : null],
    ["Value", typeof event.value === "number" ? `${event.value} ${event.currency ?? ""}`.trim() : null],
    ["Message", event.message],
  ];
  return all
    .filter(
      (row): row is [string, string | number] => row[1] !== null && row[1] !== undefined && row[1] !== "",
    )
    .map(([label, value]) => [label, String(value)]);
}
