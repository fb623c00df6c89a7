import { Link } from "@tanstack/react-router";
import { useFreshKey } from "@/lib/fresh-key";
import { useProject } from "@/lib/project";
import { KEY_PLACEHOLDER } from "@/lib/snippets";
import { CodeTabs } from "./CodeTabs";
import { FirstEvent } from "./FirstEvent";
import { SendTest } from "./SendTest";

/** Code with the key in it, if it can still be seen, and the wait for what that code sends. */
export function QuickStart() {
  const { id } = useProject();
  const fresh = useFreshKey(id);
  return (
    <div className="space-y-4">
      <CodeTabs apiKey={fresh?.key ?? KEY_PLACEHOLDER} aboutKeys={fresh ? null : <AboutKeys />} />
      <FirstEvent />
      {fresh ? <SendTest apiKey={fresh.key} /> : null}
    </div>
  );
}

function AboutKeys() {
  const { id } = useProject();
  return (
    <p className="text-ink-soft">
      Put a key of this project in place of{" "}
      <code className="font-mono text-accent-strong">{KEY_PLACEHOLDER}</code>. Keys are shown once only;{" "}
      <Link
        to="/p/$projectId/keys"
        params={{ projectId: id }}
        className="font-medium text-accent hover:underline"
      >
        make a new one
      </Link>{" "}
      if you have none at hand.
    </p>
  );
}
