import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError, type Fault } from "@/api/problem";
import { schemasQuery } from "@/api/queries";
import type { EventSchema } from "@/api/types";
import { Button, buttonLook } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Field } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { faultOf } from "@/lib/faults";
import { readObject } from "@/lib/json-text";
import { useProject } from "@/lib/project";
import { useMay } from "@/lib/use-may";
import { DeleteSchemaDialog } from "./DeleteSchemaDialog";
import { SchemaText } from "./SchemaText";

type Mode = EventSchema["mode"];

const modes: readonly { value: Mode; label: string; text: string }[] = [
  { value: "warn", label: "Warn", text: "Events that do not fit are kept and counted." },
  { value: "reject", label: "Refuse", text: "They are not kept: the sender is told why with a 422." },
];

const starter = `{
  "type": "object",
  "required": ["plan"],
  "properties": {
    "plan": { "enum": ["free", "pro"] },
    "value": { "type": "number", "minimum": 0 }
  }
}
`;

export function SchemaForm({ schema }: { schema?: EventSchema }) {
  const { id: projectId } = useProject();
  const mayChange = useMay("member");
  const [eventName, setEventName] = useState(schema?.eventName ?? "");
  const [mode, setMode] = useState<Mode>(schema?.mode ?? "warn");
  const [text, setText] = useState(() => (schema ? JSON.stringify(schema.schema, null, 2) : starter));
  const [unread, setUnread] = useState(false);
  const [removing, setRemoving] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const reading = readObject(text);
  const save = useSave(projectId, schema?.id);
  const leave = useLeave(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUnread("problem" in reading);
    if ("value" in reading) save.mutate({ eventName, mode, schema: reading.value });
    else area.current?.focus();
  };
  const faults = save.error ? asApiError(save.error).faults : [];
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayChange} className="min-w-0 space-y-5">
        <Field
          label="Event name"
          required
          maxLength={200}
          autoFocus={!schema}
          placeholder="order_created"
          hint="Exactly as it is sent. An event without a name has its type as name."
          value={eventName}
          onChange={(event) => setEventName(event.target.value)}
          fault={faultOf(faults, "eventName")}
        />
        <Choices legend="Events that do not fit" wide value={mode} choices={modes} onChange={setMode} />
        <SchemaText
          area={area}
          text={text}
          reading={unread ? reading : null}
          faults={faults.filter(ofSchema)}
          mayChange={mayChange}
          onChange={(changed) => {
            setText(changed);
            setUnread(false);
            save.reset();
          }}
        />
      </fieldset>
      <div className="mt-5 space-y-4">
        <ProblemNotice
          error={save.error}
          inputs={["eventName", ...faults.filter(ofSchema).map(({ path }) => path)]}
        />
        <div className="flex flex-wrap gap-2.5">
          {mayChange ? (
            <Button type="submit" look="primary" busy={save.isPending}>
              {schema ? "Save" : "Add the schema"}
            </Button>
          ) : null}
          <Link to="/p/$projectId/settings/schemas" params={{ projectId }} className={buttonLook()}>
            {mayChange ? "Cancel" : "Back"}
          </Link>
          {schema && mayChange ? (
            <Button look="quiet" className="ml-auto" onClick={() => setRemoving(true)}>
              Delete …
            </Button>
          ) : null}
        </div>
      </div>
      <DeleteSchemaDialog
        projectId={projectId}
        schema={removing && schema ? schema : null}
        onClose={() => setRemoving(false)}
        onDeleted={leave}
      />
    </form>
  );
}

function ofSchema({ path }: Fault): boolean {
  return path === "schema" || path.startsWith("schema.");
}

function useLeave(projectId: string): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: "/p/$projectId/settings/schemas", params: { projectId } });
}

function useSave(projectId: string, schemaId: string | undefined) {
  const queries = useQueryClient();
  const leave = useLeave(projectId);
  return useMutation({
    mutationFn: (body: Pick<EventSchema, "eventName" | "mode" | "schema">) =>
      take(
        schemaId
          ? client.PATCH("/api/v1/projects/{projectId}/event-schemas/{schemaId}", {
              params: { path: { projectId, schemaId } },
              body,
            })
          : client.POST("/api/v1/projects/{projectId}/event-schemas", {
              params: { path: { projectId } },
              body,
            }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: schemasQuery(projectId).queryKey });
      leave();
    },
  });
}
