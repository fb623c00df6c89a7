import * as Dialog from "@radix-ui/react-dialog";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { letterQuery, type Whose } from "@/api/letters";
import type { DeadLetter, OpenLetter } from "@/api/types";
import { Button, IconButton } from "@/components/Button";
import { Json } from "@/components/Json";
import { backdrop } from "@/components/menu";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { bytes, plural } from "@/lib/format";
import { momentText } from "@/lib/time";
import { projectOf } from "./LetterRow";

interface Props {
  letter: DeadLetter | null;
  whose: Whose;
  zone: string;
  busy: boolean;
  onClose: () => void;
  onReplay: (letter: DeadLetter) => void;
  onDiscard: (letter: DeadLetter) => void;
}

/** One dead letter: why it is one, and its events as far as they can be read. */
export function LetterDrawer(props: Props) {
  const { letter, onClose } = props;
  const last = useLast(letter);
  return (
    <Dialog.Root open={letter !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={backdrop} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(38rem,100vw)] animate-slide-in flex-col border-l border-line bg-surface shadow-lifted outline-none"
        >
          {last ? <Details {...props} letter={last} /> : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The latest letter that was not null, so that a closing drawer does not go blank first. */
function useLast(letter: DeadLetter | null): DeadLetter | null {
  const [last, setLast] = useState(letter);
  useEffect(() => {
    if (letter) setLast(letter);
  }, [letter]);
  return letter ?? last;
}

function Details({ letter, whose, zone, busy, onReplay, onDiscard }: Props & { letter: DeadLetter }) {
  const { data, error, refetch } = useQuery(letterQuery(whose, letter.id));
  return (
    <>
      <header className="flex items-start gap-3 border-b border-line px-5 py-4">
        <div className="min-w-0 flex-1">
          <p className="text-[0.93rem] text-ink-faint">{projectOf(letter)}</p>
          <Dialog.Title className="text-[1.15rem] leading-snug font-semibold tracking-[-0.01em] wrap-anywhere">
            {letter.reason}
          </Dialog.Title>
        </div>
        <Dialog.Close asChild>
          <IconButton icon="close" label="Close" />
        </Dialog.Close>
      </header>
      <div className="flex-1 space-y-6 overflow-y-auto px-5 py-5">
        <dl className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-x-3 gap-y-2">
          <Entry label="Brought">
            {plural(letter.events, "event")}, {bytes(letter.bytes)}
          </Entry>
          <Entry label="Received">{momentText(letter.receivedAt, zone)}</Entry>
          <Entry label="Put aside">{momentText(letter.buriedAt, zone)}</Entry>
          <Entry label="Source">{letter.source || "the site's visitors"}</Entry>
        </dl>
        {error && !data ? (
          <LoadFailure error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Contents letter={data} />
        ) : (
          <ListSkeleton rows={4} />
        )}
      </div>
      <footer className="flex flex-wrap justify-end gap-2.5 border-t border-line px-5 py-3">
        <Button onClick={() => onDiscard(letter)}>Throw away</Button>
        <Button
          look="primary"
          busy={busy}
          disabled={letter.projectId === null}
          onClick={() => onReplay(letter)}
        >
          Try again
        </Button>
      </footer>
    </>
  );
}

function Entry({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="wrap-anywhere tabular-nums">{children}</dd>
    </>
  );
}

function Contents({ letter }: { letter: OpenLetter }) {
  if (letter.contents.length === 0)
    return (
      <section>
        <h3 className="mb-2 font-semibold">As it is on disk</h3>
        <p className="mb-3 text-ink-soft">
          Its events cannot be told apart. These are its first bytes, hexadecimal.
        </p>
        <Hex text={letter.head || "(empty)"} />
      </section>
    );
  const more = letter.events - letter.contents.length;
  return (
    <section>
      <h3 className="mb-2 font-semibold">Events</h3>
      <ol className="space-y-3">
        {letter.contents.map(({ index, event, unreadable }) => (
          <li key={index}>
            {event ? (
              <Json text={JSON.stringify(event, null, 2)} />
            ) : (
              <>
                <p className="mb-1.5 text-ink-soft">This one cannot be read. Its first bytes:</p>
                <Hex text={unreadable ?? ""} />
              </>
            )}
          </li>
        ))}
      </ol>
      {more > 0 ? <p className="mt-3 text-ink-soft">And {plural(more, "more event")}.</p> : null}
    </section>
  );
}

function Hex({ text }: { text: string }) {
  return (
    <pre className="rounded-lg border border-line bg-sunken p-4 font-mono text-[0.88rem] leading-relaxed break-all whitespace-pre-wrap">
      {text}
    </pre>
  );
}
