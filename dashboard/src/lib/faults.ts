import type { Fault } from "@/api/problem";

/** The message for one input out of a problem's faults. */
export function faultOf(faults: readonly Fault[], name: string): string | undefined {
  const fault = faults.find(
    ({ path }) => path === name || path.endsWith(`.${name}`) || path.startsWith(`${name}.`),
  );
  return fault?.message;
}

/** Servers say `must not be empty`; people read `Name must not be empty.` */
export function faultSentence(message: string, label: string): string {
  const subject = label.replace(/ \(.*\)$/, "");
  const whole = /^\p{Ll}/u.test(message) ? `${subject} ${message}` : message;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
