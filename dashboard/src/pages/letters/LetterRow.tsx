import type { Whose } from "@/api/letters";
import type { DeadLetter } from "@/api/types";
import { Button } from "@/components/Button";
import { bytes, plural } from "@/lib/format";
import { ago, momentText } from "@/lib/time";
import { useNow } from "@/lib/use-now";

interface Props {
  letter: DeadLetter;
  whose: Whose;
  zone: string;
  busy: boolean;
  onOpen: () => void;
  onReplay: (letter: DeadLetter) => void;
  onDiscard: (letter: DeadLetter) => void;
}

export function LetterRow({ letter, whose, zone, busy, onOpen, onReplay, onDiscard }: Props) {
  const now = useNow(10_000);
  const title = whose === null ? projectOf(letter) : plural(letter.events, "event");
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <button
        type="button"
        onClick={onOpen}
        className="group min-w-0 flex-1 basis-64 rounded-md text-left"
        aria-label={`Look into the letter of ${momentText(letter.buriedAt, zone)}`}
      >
        <p className="truncate font-medium group-hover:text-accent">{title}</p>
        <p className="mt-0.5 line-clamp-2 wrap-anywhere text-ink-soft">{letter.reason}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-[0.93rem] text-ink-faint">
          {whose === null ? <span>{plural(letter.events, "event")}</span> : null}
          <span>{bytes(letter.bytes)}</span>
          <span title={momentText(letter.receivedAt, zone)}>
            Received {ago(letter.receivedAt, now, zone)}
          </span>
          <span title={momentText(letter.buriedAt, zone)}>Put aside {ago(letter.buriedAt, now, zone)}</span>
        </p>
      </button>
      <div className="flex shrink-0 gap-1">
        <Button small busy={busy} disabled={letter.projectId === null} onClick={() => onReplay(letter)}>
          Try again
        </Button>
        <Button small look="quiet" onClick={() => onDiscard(letter)}>
          Throw away
        </Button>
      </div>
    </li>
  );
}

export function projectOf({ projectId, projectName }: DeadLetter): string {
  return projectName ?? projectId ?? "Nothing of it can be read";
}
