import { IconButton } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { QuickStart } from "@/components/quickstart/QuickStart";
import { dropFreshKey, type FreshKey } from "@/lib/fresh-key";
import { ScopeTag } from "./ScopeTag";

/** A key on the one occasion that it can be read, with code that already contains it. */
export function FreshKeyCard({ fresh }: { fresh: FreshKey }) {
  return (
    <section
      aria-label="New key"
      className="animate-appear overflow-hidden rounded-xl border border-accent/50 bg-surface shadow-card"
    >
      <header className="bg-accent-soft px-4 py-4 sm:px-5">
        <div className="flex items-center justify-between gap-3">
          <h2 className="flex min-w-0 items-center gap-2.5 font-semibold">
            <span className="truncate">{fresh.label}</span> <ScopeTag scope={fresh.scope} />
          </h2>
          <IconButton icon="close" label="I have kept it: hide the key" onClick={dropFreshKey} />
        </div>
        <div className="mt-2.5 flex flex-wrap items-center gap-2.5">
          <code className="min-w-0 flex-1 basis-72 rounded-lg border border-line bg-surface px-3 py-2 font-mono break-all select-all">
            {fresh.key}
          </code>
          <CopyButton text={fresh.key} label="Copy key" look="primary" />
        </div>
        <p className="mt-2.5 text-ink-soft">
          Keep it now: it is shown this once, and the server keeps only a hash of it.
          {fresh.scope === "secret"
            ? " It can read this project's data, so it never belongs into a browser or an app."
            : null}
        </p>
      </header>
      <div className="p-4 sm:p-5">
        <h3 className="mb-3 font-semibold">Send your first event</h3>
        <QuickStart />
      </div>
    </section>
  );
}
