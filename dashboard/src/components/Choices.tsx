import { useId } from "react";

interface Choice<T extends string> {
  value: T;
  label: string;
  text: string;
}

interface Props<T extends string> {
  legend: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  disabled?: boolean;
  wide?: boolean;
}

/** A few choices that each need a sentence; one of them holds. */
export function Choices<T extends string>({ legend, value, choices, onChange, disabled, wide }: Props<T>) {
  const name = useId();
  return (
    <fieldset disabled={disabled}>
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className={wide ? "grid gap-2 sm:grid-cols-2" : "space-y-2"}>
        {choices.map((choice) => (
          <label
            key={choice.value}
            className={`flex cursor-pointer gap-3 rounded-lg border p-3 has-disabled:cursor-default has-focus-visible:outline-2 has-focus-visible:outline-accent ${
              value === choice.value
                ? "border-accent bg-accent-soft"
                : "border-line-strong not-has-disabled:hover:border-ink-faint"
            }`}
          >
            <input
              type="radio"
              name={name}
              className="mt-1 size-3.5 shrink-0 accent-accent outline-none"
              checked={value === choice.value}
              onChange={() => onChange(choice.value)}
            />
            <span>
              <span className="block font-medium">{choice.label}</span>
              <span className="block text-ink-soft">{choice.text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
