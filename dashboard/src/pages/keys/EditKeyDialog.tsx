import * as Dialog from "@radix-ui/react-dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { backdrop, dialogPanel } from "@/components/menu";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { entriesOf } from "@/lib/lines";
import { OriginsField, originInputs } from "./OriginsField";

interface Props {
  projectId: string;
  apiKey: ApiKey | null;
  onClose: () => void;
}

export function EditKeyDialog({ projectId, apiKey, onClose }: Props) {
  return (
    <Dialog.Root open={apiKey !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={backdrop} />
        <Dialog.Content className={dialogPanel} aria-describedby={undefined}>
          <Dialog.Title className="mb-5 text-[1.2rem] font-semibold tracking-[-0.01em]">
            Change the key
          </Dialog.Title>
          {apiKey ? <EditKeyForm projectId={projectId} apiKey={apiKey} onDone={onClose} /> : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface FormProps {
  projectId: string;
  apiKey: ApiKey;
  onDone: () => void;
}

function EditKeyForm({ projectId, apiKey, onDone }: FormProps) {
  const queries = useQueryClient();
  const [label, setLabel] = useState(apiKey.label);
  const [origins, setOrigins] = useState(() => apiKey.allowedOrigins.join("\n"));
  const save = useMutation({
    mutationFn: () =>
      take(
        client.PATCH("/api/v1/projects/{projectId}/api-keys/{keyId}", {
          params: { path: { projectId, keyId: apiKey.id } },
          body: { label: label.trim(), allowedOrigins: entriesOf(origins) },
        }),
      ),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: keysQuery(projectId).queryKey });
    },
  });
  const faults = save.error ? asApiError(save.error).faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field
        label="Label"
        required
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        fault={faultOf(faults, "label")}
      />
      {apiKey.scope === "ingest" ? (
        <OriginsField text={origins} onChange={setOrigins} faults={faults} />
      ) : (
        <p className="text-ink-soft">A secret key is for servers, so it has no web pages that may use it.</p>
      )}
      <ProblemNotice error={save.error} inputs={["label", ...originInputs(origins)]} />
      <div className="flex justify-end gap-2.5">
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary" busy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
