/** JSON that a person types: reading it, and finding in it what the server speaks of. */

export type Reading = { value: Record<string, unknown> } | { problem: string; line: number | null };

/** The object that a text holds, or why it holds none. */
export function readObject(text: string): Reading {
  if (text.trim() === "") return { problem: "Write a JSON object.", line: null };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { value: value as Record<string, unknown> };
    return { problem: "This is JSON, but not an object: it has to begin with {.", line: 1 };
  } catch (error) {
    return { problem: "This is not JSON yet.", line: lineOfError(text, error) };
  }
}

// Browsers word their errors differently; those that say where say it in one of these ways.
function lineOfError(text: string, error: unknown): number | null {
  const message = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(message)?.[1];
  if (line) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  if (position) return lineAt(text, Number(position));
  return message.includes("end of") ? lineAt(text, text.length) : null;
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

/** The line (from 1) of a value in valid JSON, by a path such as `properties.plan.enum.0`; null if it is not there. */
export function lineOf(text: string, path: string): number | null {
  const at = new Search(text).find(path);
  return at === null ? null : lineAt(text, at);
}

const string = /"(?:\\.|[^"\\])*"/y;
const scalar = /[^\s,\]}]+/y;

/** Walks a text that JSON.parse took, so it may trust what comes next. */
class Search {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Where the value begins, or for a member its name. */
  find(path: string): number | null {
    this.blank();
    if (path === "") return this.at;
    const opening = this.text[this.at];
    if (opening === "{") return this.inObject(path);
    return opening === "[" ? this.inList(path) : null;
  }

  private inObject(path: string): number | null {
    this.at += 1;
    for (;;) {
      this.blank();
      if (this.text[this.at] !== '"') return null;
      const begins = this.at;
      const name = JSON.parse(this.take(string)) as string;
      this.blank();
      this.at += 1; // the colon
      // A name may have dots in it, so the rest of the path is asked for, not its first part.
      if (path === name) return begins;
      if (path.startsWith(`${name}.`)) return this.find(path.slice(name.length + 1)) ?? begins;
      this.skip();
      if (!this.next()) return null;
    }
  }

  private inList(path: string): number | null {
    const [index, ...rest] = path.split(".");
    this.at += 1;
    for (let passed = 0; ; passed += 1) {
      this.blank();
      if (this.text[this.at] === "]") return null;
      if (String(passed) === index) return this.find(rest.join(".")) ?? this.at;
      this.skip();
      if (!this.next()) return null;
    }
  }

  /** Goes over a comma; false at the end. */
  private next(): boolean {
    this.blank();
    this.at += 1;
    return this.text[this.at - 1] === ",";
  }

  private skip(): void {
    this.blank();
    const opening = this.text[this.at];
    if (opening === '"') this.take(string);
    else if (opening !== "{" && opening !== "[") this.take(scalar);
    else this.skipNested();
  }

  private skipNested(): void {
    let open = 0;
    do {
      const here = this.text[this.at];
      if (here === '"') this.take(string);
      else {
        open += here === "{" || here === "[" ? 1 : here === "}" || here === "]" ? -1 : 0;
        this.at += 1;
      }
    } while (open > 0);
  }

  private take(token: RegExp): string {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private blank(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at += 1;
  }
}
