import type { WordNotice } from "@/api/types";
import { Notice } from "@/components/Notice";
import { fullCount } from "@/lib/format";

const titles: Record<WordNotice["type"], string> = {
  "too-many-names": "Too many different event names",
  "too-many-properties": "Too many different property keys",
};

/** What the owner of the project should look at: names or keys that probably carry ids. */
export function WordNotices({ notices }: { notices: readonly WordNotice[] }) {
  return notices.map((notice) => (
    <Notice key={notice.type} tone="warn">
      <p className="font-semibold">{titles[notice.type]}</p>
      <p className="mt-0.5 max-w-4xl text-ink">{notice.detail}</p>
      <p className="mt-1.5 text-ink-soft">
        About {fullCount(notice.limit + notice.beyond)} different ones came; lists have room for{" "}
        {fullCount(notice.limit)}. Some of the rest:
      </p>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {notice.examples.map((example) => (
          <li
            key={example}
            title={example}
            className="max-w-64 truncate rounded bg-surface px-1.5 font-mono text-[0.93rem] text-ink"
          >
            {example}
          </li>
        ))}
      </ul>
    </Notice>
  ));
}
