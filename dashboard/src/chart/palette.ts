/** The theme's colours, read from the page so that charts and stylesheet cannot disagree. */
export interface Palette {
  ink: string;
  faint: string;
  line: string;
  lineStrong: string;
  surface: string;
  accent: string;
  bad: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    faint: read("--ink-faint"),
    line: read("--line"),
    lineStrong: read("--line-strong"),
    surface: read("--surface"),
    accent: read("--accent"),
    bad: read("--bad"),
  };
}

/** A `#rrggbb` colour with an opacity. */
export function fade(colour: string, opacity: number): string {
  const part = (from: number): number => Number.parseInt(colour.slice(from, from + 2), 16);
  return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${opacity})`;
}
