import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, done } from "@/api/client";
import { schemasQuery } from "@/api/queries";
import type { EventSchema } from "@/api/types";
import { ConfirmDialog } from "@/components/ConfirmDialog";

interface Props {
  projectId: string;
  schema: EventSchema | null;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteSchemaDialog({ projectId, schema, onClose, onDeleted }: Props) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (schemaId: string) =>
      done(
        client.DELETE("/api/v1/projects/{projectId}/event-schemas/{schemaId}", {
          params: { path: { projectId, schemaId } },
        }),
      ),
    onSuccess: async () => {
      onClose();
      onDeleted?.();
      await queries.invalidateQueries({ queryKey: schemasQuery(projectId).queryKey });
    },
  });
  return (
    <ConfirmDialog
      open={schema !== null}
      title={`Delete the schema of “${schema?.eventName}”?`}
      lead="Its events are then taken whatever their properties are. Events that came in stay."
      keep="Keep it"
      act="Delete the schema"
      busy={remove.isPending}
      error={remove.error}
      onAct={() => schema && remove.mutate(schema.id)}
      onClose={() => {
        remove.reset();
        onClose();
      }}
    />
  );
}
