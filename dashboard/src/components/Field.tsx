import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from "react";
import { faultSentence } from "@/lib/faults";
import { Icon } from "./icons";

const box =
  "h-9 w-full rounded-lg border bg-surface px-3 text-ink placeholder:text-ink-faint/80 shadow-card focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-soft";

function edge(fault: string | undefined): string {
  return fault ? "border-bad" : "border-line-strong hover:border-ink-faint";
}

interface LabelProps {
  id: string;
  label: string;
  hint?: ReactNode;
  fault: string | undefined;
  children: ReactNode;
}

function Labelled({ id, label, hint, fault, children }: LabelProps) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children}
      {fault ? (
        <p id={`${id}-note`} className="flex gap-1.5 text-bad">
          <Icon name="warning" className="mt-0.5 size-4" />
          <span>{faultSentence(fault, label)}</span>
        </p>
      ) : hint ? (
        <p id={`${id}-note`} className="text-ink-faint">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
}

export function Field({ label, hint, fault, className = "", ...rest }: FieldProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <input
        id={id}
        {...rest}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault || hint ? `${id}-note` : undefined}
        className={`${box} ${edge(fault)} ${className}`}
      />
    </Labelled>
  );
}

export function PasswordField(props: FieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field {...props} type={shown ? "text" : "password"} className="pr-10" />
      <button
        type="button"
        aria-label={shown ? "Hide the password" : "Show the password"}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className={`absolute top-8 right-1.5 grid size-8 place-items-center rounded-md hover:text-ink ${shown ? "text-accent" : "text-ink-faint"}`}
      >
        <Icon name="eye" />
      </button>
    </div>
  );
}

interface AreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
  area?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text that a machine will read: no spelling help, one width for every letter. */
export function AreaField({ label, hint, fault, area, className = "", ...rest }: AreaProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <textarea
        id={id}
        ref={area}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        {...rest}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault || hint ? `${id}-note` : undefined}
        className={`block w-full rounded-lg border bg-surface px-3 py-2 font-mono text-[0.93rem] leading-relaxed text-ink placeholder:text-ink-faint/80 shadow-card focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-ink-soft ${edge(fault)} ${className}`}
      />
    </Labelled>
  );
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
}

export function SelectField({ label, hint, fault, children, ...rest }: SelectProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} fault={fault}>
      <div className="relative">
        <select
          id={id}
          {...rest}
          aria-invalid={fault ? true : undefined}
          className={`${box} ${edge(fault)} appearance-none pr-9`}
        >
          {children}
        </select>
        <Icon name="chevron" className="pointer-events-none absolute top-2.5 right-3 size-4 text-ink-faint" />
      </div>
    </Labelled>
  );
}
