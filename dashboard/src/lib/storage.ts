/** Remembered choices of this browser. Storage may be switched off or full; then a choice lasts until reload. */
type Choice = "theme" | "range" | "project";

export function recall(choice: Choice): string | null {
  try {
    return localStorage.getItem(`pulseboard.${choice}`);
  } catch {
    return null;
  }
}

export function remember(choice: Choice, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`pulseboard.${choice}`);
    else localStorage.setItem(`pulseboard.${choice}`, value);
  } catch {
    // Nothing depends on it.
  }
}
