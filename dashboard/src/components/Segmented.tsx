import { useId } from "react";

interface Option<T extends string> {
  value: T;
  label: string;
}

interface Props<T extends string> {
  label: string;
  value: T | null;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  wide?: boolean;
}

/** A row of choices of which one holds: radio buttons, so that arrow keys and screen readers work by themselves. */
export function Segmented<T extends string>({ label, value, options, onChange, wide = false }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={`inline-flex rounded-lg bg-line/55 p-0.5 ${wide ? "w-full" : ""}`}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={`relative flex h-8 cursor-pointer items-center justify-center rounded-md px-3 font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent ${
            wide ? "flex-1" : ""
          } ${value === option.value ? "bg-raised text-ink shadow-card" : "text-ink-soft hover:text-ink"}`}
        >
          <input
            type="radio"
            name={name}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
