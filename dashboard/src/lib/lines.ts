import type { Fault } from "@/api/problem";

/** The entries of a text with one on each line; blank lines are none. */
export function entriesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What the server says of a list, by the lines that the person sees: `name.1` is the second line that is not blank. */
export function listFault(faults: readonly Fault[], name: string, text: string): string | undefined {
  const lines = text.split("\n").flatMap((line, at) => (line.trim() === "" ? [] : [at + 1]));
  const told = faults.flatMap(({ path, message }) => {
    if (path === name) return [message];
    const line = path.startsWith(`${name}.`) ? lines[Number(path.slice(name.length + 1))] : undefined;
    return line === undefined ? [] : [`Line ${line}: ${message}`];
  });
  return told.length > 0 ? told.join("; ") : undefined;
}
