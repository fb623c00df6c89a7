import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, take } from "@/api/client";
import { keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { dropFreshKey, useFreshKey } from "@/lib/fresh-key";

interface Props {
  projectId: string;
  apiKey: ApiKey | null;
  onClose: () => void;
}

export function RevokeDialog({ projectId, apiKey, onClose }: Props) {
  const queries = useQueryClient();
  const fresh = useFreshKey(projectId);
  const revoke = useMutation({
    mutationFn: (key: ApiKey) =>
      take(
        client.PATCH("/api/v1/projects/{projectId}/api-keys/{keyId}", {
          params: { path: { projectId, keyId: key.id } },
          body: { status: "revoked" },
        }),
      ),
    onSuccess: async (_, key) => {
      if (fresh?.id === key.id) dropFreshKey();
      onClose();
      await queries.invalidateQueries({ queryKey: keysQuery(projectId).queryKey });
    },
  });
  return (
    <ConfirmDialog
      open={apiKey !== null}
      title={`Revoke “${apiKey?.label}”?`}
      lead={
        <>
          Everything that uses <code className="font-mono text-ink">{apiKey?.prefix}…</code> is refused from
          within a second on. Events that came in with it stay.
        </>
      }
      keep="Keep it"
      act="Revoke the key"
      busy={revoke.isPending}
      error={revoke.error}
      onAct={() => apiKey && revoke.mutate(apiKey)}
      onClose={() => {
        revoke.reset();
        onClose();
      }}
    />
  );
}
