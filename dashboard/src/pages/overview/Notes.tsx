import type { Focus } from "@/api/queries";
import { Icon } from "@/components/icons";

/** Says what the page is narrowed to, and widens it again. */
export function FocusChip({ focus, onClear }: { focus: Focus; onClear: () => void }) {
  return (
    <button
      type="button"
      onClick={onClear}
      aria-label={`Only the ${focus.property} ${focus.value}; show all events`}
      className="inline-flex max-w-64 animate-appear items-center gap-1.5 rounded-md bg-accent-soft py-0.5 pr-1.5 pl-2 text-accent-strong hover:ring-1 hover:ring-accent"
    >
      <span className="truncate">
        {focus.property} <strong className="font-semibold">{focus.value}</strong>
      </span>
      <Icon name="close" className="size-3.5" />
    </button>
  );
}
