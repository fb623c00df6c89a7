import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/icons";
import { count } from "@/lib/format";

interface Props {
  typed: string;
  onType: (typed: string) => void;
  errorsOnly: boolean;
  onErrorsOnly: (on: boolean) => void;
  /** Events that came since the stream was paused; null while it runs. */
  missed: number | null;
  onPause: () => void;
  onClear: () => void;
}

export function Toolbar({ typed, onType, errorsOnly, onErrorsOnly, missed, onPause, onClear }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line p-2.5 sm:px-3.5">
      <label className="relative min-w-40 flex-1 max-sm:basis-full">
        <span className="sr-only">Filter the stream</span>
        <Icon name="search" className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
        <input
          type="search"
          value={typed}
          onChange={(event) => onType(event.target.value)}
          placeholder="Filter by name, user, path, message…"
          className="h-8 w-full rounded-md border border-line bg-paper pr-2 pl-8 placeholder:text-ink-faint hover:border-line-strong focus-visible:outline-offset-0"
        />
      </label>
      <button
        type="button"
        aria-pressed={errorsOnly}
        onClick={() => onErrorsOnly(!errorsOnly)}
        className={`h-8 rounded-md border px-2.5 max-sm:mr-auto text-[0.93rem] font-medium ${
          errorsOnly
            ? "border-bad bg-bad-soft text-bad"
            : "border-line text-ink-soft hover:border-line-strong"
        }`}
      >
        Errors
      </button>
      <Button
        small
        look={missed === null ? "plain" : "primary"}
        icon={missed === null ? "pause" : "play"}
        onClick={onPause}
      >
        {missed === null ? "Pause" : missed > 0 ? `Resume, ${count(missed)} new` : "Resume"}
      </Button>
      <IconButton icon="clear" label="Clear the list" onClick={onClear} />
    </div>
  );
}
