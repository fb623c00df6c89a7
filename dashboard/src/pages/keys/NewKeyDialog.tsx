import * as Dialog from "@radix-ui/react-dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { keysQuery } from "@/api/queries";
import type { KeyScope } from "@/api/types";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Field } from "@/components/Field";
import { backdrop, dialogPanel } from "@/components/menu";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { keepFreshKey } from "@/lib/fresh-key";
import { entriesOf } from "@/lib/lines";
import { OriginsField, originInputs } from "./OriginsField";

interface Props {
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function NewKeyDialog({ projectId, open, onOpenChange }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={backdrop} />
        <Dialog.Content className={dialogPanel} aria-describedby={undefined}>
          <Dialog.Title className="mb-5 text-[1.2rem] font-semibold tracking-[-0.01em]">New key</Dialog.Title>
          <NewKeyForm projectId={projectId} onDone={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function NewKeyForm({ projectId, onDone }: { projectId: string; onDone: () => void }) {
  const queries = useQueryClient();
  const [label, setLabel] = useState("");
  const [scope, setScope] = useState<KeyScope>("ingest");
  const [origins, setOrigins] = useState("");
  const create = useMutation({
    mutationFn: () =>
      take(
        client.POST("/api/v1/projects/{projectId}/api-keys", {
          params: { path: { projectId } },
          body: {
            label: label.trim(),
            scope,
            allowedOrigins: scope === "ingest" ? entriesOf(origins) : [],
          },
        }),
      ),
    onSuccess: async (key) => {
      keepFreshKey(projectId, key);
      onDone();
      scrollTo({ top: 0, behavior: "smooth" });
      await queries.invalidateQueries({ queryKey: keysQuery(projectId).queryKey });
    },
  });
  const faults = create.error ? asApiError(create.error).faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field
        label="Label"
        placeholder="Web shop backend"
        autoFocus
        required
        maxLength={100}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        hint="Where this key will be used, so that you know it again."
        fault={faultOf(faults, "label")}
      />
      <Choices legend="Scope" value={scope} choices={scopes} onChange={setScope} />
      {scope === "ingest" ? <OriginsField text={origins} onChange={setOrigins} faults={faults} /> : null}
      <ProblemNotice error={create.error} inputs={["label", ...originInputs(origins)]} />
      <div className="flex justify-end gap-2.5">
        <Dialog.Close asChild>
          <Button>Cancel</Button>
        </Dialog.Close>
        <Button type="submit" look="primary" busy={create.isPending}>
          Make the key
        </Button>
      </div>
    </form>
  );
}

const scopes: readonly { value: KeyScope; label: string; text: string }[] = [
  { value: "ingest", label: "Ingest only", text: "Can send events and nothing else. May be public." },
  { value: "secret", label: "Secret", text: "Can send events and read this project. For servers only." },
];
