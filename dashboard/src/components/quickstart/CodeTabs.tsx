import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useProject } from "@/lib/project";
import { type Language, languages, snippet } from "@/lib/snippets";
import { CopyButton } from "../CopyButton";
import { Segmented } from "../Segmented";

const options = languages.map((value) => ({ value, label: value }));

/** The same first event in three languages, and the lines of a website that reports its visits. */
export function CodeTabs({ apiKey, aboutKeys }: { apiKey: string; aboutKeys: ReactNode }) {
  const { id } = useProject();
  const [language, setLanguage] = useState<Language>("curl");
  const code = snippet(language, location.origin, apiKey, id);
  const isWebsite = language === "Website";
  return (
    <div className="space-y-2.5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented label="Language" value={language} options={options} onChange={setLanguage} />
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre className="overflow-x-auto rounded-lg border border-line bg-sunken p-4 font-mono text-[0.9rem] leading-relaxed">
        <code>
          <Marked code={code} mark={isWebsite ? id : apiKey} />
        </code>
      </pre>
      {isWebsite ? <WhichPages /> : aboutKeys}
    </div>
  );
}

function WhichPages() {
  const { id, domains } = useProject();
  if (domains.length > 0) {
    return (
      <p className="text-ink-soft">
        Goes into every page of {domains.join(", ")}, before <code className="font-mono">{"</body>"}</code>.
        No key is needed: visits are taken from pages of these domains and their subdomains alone.
      </p>
    );
  }
  return (
    <p className="text-ink-soft">
      Visits are taken from pages of the project's domains alone, and it has none yet:{" "}
      <Link
        to="/p/$projectId/settings"
        params={{ projectId: id }}
        className="font-medium text-accent hover:underline"
      >
        name the website's
      </Link>{" "}
      first.
    </p>
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
