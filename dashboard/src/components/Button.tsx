import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./icons";

type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong shadow-card",
  plain: "bg-surface text-ink border border-line-strong hover:border-ink-faint shadow-card",
  quiet: "text-ink-soft hover:bg-line/60 hover:text-ink",
  danger: "bg-bad text-paper hover:brightness-95 shadow-card",
};

/** The classes of a button, for links that should look like one. */
export function buttonLook(look: Look = "plain", small = false): string {
  const size = small ? "h-8 px-2.5 rounded-md text-[0.93rem]" : "h-9 px-3.5 rounded-lg";
  const base = "inline-flex items-center justify-center gap-2 font-medium whitespace-nowrap select-none";
  return `${base} transition-[background-color,border-color,opacity] disabled:opacity-55 ${size} ${looks[look]}`;
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
}

export function Button({
  look,
  small,
  icon,
  busy = false,
  className = "",
  children,
  disabled,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy}
      className={`${buttonLook(look, small)} ${className}`}
    >
      {busy ? <Spinner /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

export function IconButton({
  icon,
  label,
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-grid size-8 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-line/60 hover:text-ink disabled:opacity-40 ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}

function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  );
}
