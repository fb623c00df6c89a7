import type { Fault } from "@/api/problem";

/** The message for one input out of a problem's faults; `token` also answers for `body.token`. */
export function faultOf(faults: readonly Fault[], name: string): string | undefined {
  const fault = faults.find(
    ({ path }) => path === name || path.endsWith(`.${name}`) || path.startsWith(`${name}.`),
  );
  return fault && sentence(fault.message);
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
