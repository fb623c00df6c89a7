import type { Completeness } from "@/api/types";

/** Seconds; events show within five, and nobody needs to know of less. */
const WORTH_SAYING = 5;

/** Whether events were received that the numbers do not have yet, for longer than is usual. */
export function isBehind({ lagSeconds }: Pick<Completeness, "lagSeconds">): boolean {
  return lagSeconds > WORTH_SAYING;
}

/** `38 s`, `12 min`, `3 h` */
export function lagText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
