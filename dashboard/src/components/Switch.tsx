import { useId } from "react";

interface Props {
  label: string;
  text: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** A choice of yes or no with what it means: a check box that looks like a switch. */
export function Switch({ label, text, on, onChange }: Props) {
  const id = useId();
  return (
    <label className="flex cursor-pointer items-start gap-4 has-disabled:cursor-default">
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        <span id={id} className="block text-ink-faint">
          {text}
        </span>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-describedby={id}
        checked={on}
        aria-checked={on}
        onChange={(event) => onChange(event.target.checked)}
        className="relative mt-0.5 h-5.5 w-10 shrink-0 cursor-pointer appearance-none rounded-full bg-line-strong transition-colors after:absolute after:top-0.5 after:left-0.5 after:size-4.5 after:rounded-full after:bg-surface after:shadow-card after:transition-transform checked:bg-accent checked:after:translate-x-4.5 disabled:cursor-default disabled:opacity-55"
      />
    </label>
  );
}
