import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { Button, IconButton } from "@/components/Button";
import { Icon } from "@/components/icons";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { ago, dayText, momentText } from "@/lib/time";
import { useNow } from "@/lib/use-now";
import { EditKeyDialog } from "./EditKeyDialog";
import { RevokeDialog } from "./RevokeDialog";
import { ScopeTag } from "./ScopeTag";

interface Props {
  projectId: string;
  zone: string;
  onNew: () => void;
}

export function KeyList({ projectId, zone, onNew }: Props) {
  const { data, error, refetch } = useQuery({ ...keysQuery(projectId), refetchInterval: 5_000 });
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [editing, setEditing] = useState<ApiKey | null>(null);
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={3} />;
  if (data.length === 0) return <NoKeys onNew={onNew} />;
  return (
    <>
      <ul className="divide-y divide-line px-4 pb-1 sm:px-5">
        {inOrder(data).map((key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            zone={zone}
            onEdit={() => setEditing(key)}
            onRevoke={() => setRevoking(key)}
          />
        ))}
      </ul>
      <EditKeyDialog projectId={projectId} apiKey={editing} onClose={() => setEditing(null)} />
      <RevokeDialog projectId={projectId} apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function isActive(key: ApiKey): boolean {
  return key.status === "active";
}

/** Working keys first, the newest on top. */
function inOrder(keys: readonly ApiKey[]): ApiKey[] {
  return [...keys].sort(
    (a, b) => Number(isActive(b)) - Number(isActive(a)) || b.createdAt.localeCompare(a.createdAt),
  );
}

interface RowProps {
  apiKey: ApiKey;
  zone: string;
  onEdit: () => void;
  onRevoke: () => void;
}

function KeyRow({ apiKey, zone, onEdit, onRevoke }: RowProps) {
  const now = useNow(10_000);
  const active = isActive(apiKey);
  return (
    <li className={`flex items-center gap-4 py-3 ${active ? "" : "text-ink-faint"}`}>
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2.5">
          <span className={`truncate font-medium ${active ? "" : "line-through"}`}>{apiKey.label}</span>
          <ScopeTag scope={apiKey.scope} />
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-[0.93rem] text-ink-faint">
          <code className="font-mono">{apiKey.prefix}…</code>
          <span>Made {dayText(apiKey.createdAt, zone)}</span>
          <span title={apiKey.lastUsedAt ? momentText(apiKey.lastUsedAt, zone) : undefined}>
            {apiKey.lastUsedAt ? `Used ${ago(apiKey.lastUsedAt, now, zone)}` : "Never used"}
          </span>
        </p>
        {apiKey.allowedOrigins.length > 0 ? (
          <p className="mt-0.5 text-[0.93rem] wrap-anywhere text-ink-faint">
            Only from {apiKey.allowedOrigins.join(", ")}
          </p>
        ) : null}
      </div>
      {active ? (
        <div className="flex shrink-0 gap-1">
          <IconButton icon="edit" label={`Change ${apiKey.label}`} onClick={onEdit} />
          <Button small look="quiet" onClick={onRevoke} aria-label={`Revoke ${apiKey.label}`}>
            Revoke
          </Button>
        </div>
      ) : (
        <span className="px-2.5 text-[0.93rem]">Revoked</span>
      )}
    </li>
  );
}

function NoKeys({ onNew }: { onNew: () => void }) {
  return (
    <div className="flex flex-col items-center gap-4 px-5 pt-6 pb-10 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <Icon name="key" className="size-5" />
      </span>
      <p className="max-w-sm text-ink-soft">
        This project has no key, so nothing can send to it yet. The first one takes five seconds.
      </p>
      <Button look="primary" onClick={onNew}>
        Make the first key
      </Button>
    </div>
  );
}
