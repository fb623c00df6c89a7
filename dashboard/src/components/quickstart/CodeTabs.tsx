import { useState } from "react";
import { type Language, languages, snippet } from "@/lib/snippets";
import { CopyButton } from "../CopyButton";
import { Segmented } from "../Segmented";

const options = languages.map((value) => ({ value, label: value }));

/** The same first event in three languages. */
export function CodeTabs({ apiKey }: { apiKey: string }) {
  const [language, setLanguage] = useState<Language>("curl");
  const code = snippet(language, location.origin, apiKey);
  return (
    <div className="space-y-2.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented label="Language" value={language} options={options} onChange={setLanguage} />
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre className="overflow-x-auto rounded-lg border border-line bg-sunken p-4 font-mono text-[0.9rem] leading-relaxed">
        <code>
          <Marked code={code} mark={apiKey} />
        </code>
      </pre>
    </div>
  );
}

function Marked({ code, mark }: { code: string; mark: string }) {
  const at = code.indexOf(mark);
  return (
    <>
      {code.slice(0, at)}
      <span className="rounded bg-accent-soft text-accent-strong">{mark}</span>
      {code.slice(at + mark.length)}
    </>
  );
}
