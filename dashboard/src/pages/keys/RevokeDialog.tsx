import * as Alert from "@radix-ui/react-alert-dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, take } from "@/api/client";
import { keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { Button } from "@/components/Button";
import { backdrop, dialogPanel } from "@/components/menu";
import { ProblemNotice } from "@/components/Notice";
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
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Alert.Root open={apiKey !== null} onOpenChange={(open) => !open && close()}>
      <Alert.Portal>
        <Alert.Overlay className={backdrop} />
        <Alert.Content className={dialogPanel}>
          <Alert.Title className="text-[1.2rem] font-semibold tracking-[-0.01em]">
            Revoke “{apiKey?.label}”?
          </Alert.Title>
          <Alert.Description className="mt-2 mb-5 text-ink-soft">
            Everything that uses <code className="font-mono text-ink">{apiKey?.prefix}…</code> is refused from
            within a second on. Events that came in with it stay.
          </Alert.Description>
          <ProblemNotice error={revoke.error} />
          <div className="mt-5 flex justify-end gap-2.5">
            <Alert.Cancel asChild>
              <Button>Keep it</Button>
            </Alert.Cancel>
            <Button look="danger" busy={revoke.isPending} onClick={() => apiKey && revoke.mutate(apiKey)}>
              Revoke the key
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
