import type { RefObject } from "react";
import type { Fault } from "@/api/problem";
import { Button } from "@/components/Button";
import { AreaField } from "@/components/Field";
import { Notice } from "@/components/Notice";
import { lineOf, type Reading, readObject } from "@/lib/json-text";

interface Props {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** What the browser makes of the text, once somebody wanted to save it. */
  reading: Reading | null;
  /** What the server says of the schema; their paths begin with `schema`. */
  faults: readonly Fault[];
  mayChange: boolean;
  onChange: (text: string) => void;
}

/** The JSON of a schema, and what is wrong with it by path and line. */
export function SchemaText({ area, text, reading, faults, mayChange, onChange }: Props) {
  const current = readObject(text);
  const go = (line: number) => area.current && select(area.current, line);
  const format = () => "value" in current && onChange(`${JSON.stringify(current.value, null, 2)}\n`);
  return (
    <div className="space-y-2.5">
      <AreaField
        area={area}
        label="JSON Schema of the properties"
        rows={Math.min(24, Math.max(12, text.split("\n").length + 1))}
        wrap="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-ink-faint">
          Draft 2020-12 unless $schema names another. References stay inside it.
        </p>
        {mayChange ? (
          <Button small look="quiet" className="ml-auto" onClick={format} disabled={"problem" in current}>
            Tidy up
          </Button>
        ) : null}
      </div>
      {reading && "problem" in reading ? (
        <Notice tone="bad">
          {reading.problem} <LineButton line={reading.line} onGo={go} />
        </Notice>
      ) : null}
      {faults.length > 0 ? (
        <Notice tone="bad">
          <ul className="space-y-1">
            {faults.map(({ path, message }) => (
              <li key={path + message} className="wrap-anywhere">
                {path === "schema" ? "The schema" : <code className="font-mono">{path.slice(7)}</code>}{" "}
                {message}.{" "}
                <LineButton line={path === "schema" ? null : lineOf(text, path.slice(7))} onGo={go} />
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </div>
  );
}

function LineButton({ line, onGo }: { line: number | null; onGo: (line: number) => void }) {
  if (line === null) return null;
  return (
    <button type="button" className="rounded font-medium underline" onClick={() => onGo(line)}>
      Line {line}
    </button>
  );
}

/** Puts the cursor on a line and the line into sight. */
function select(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split("\n");
  const begins = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  area.focus();
  area.setSelectionRange(begins, begins + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 4);
}
