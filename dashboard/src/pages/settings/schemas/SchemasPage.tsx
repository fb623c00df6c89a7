import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { schemasQuery } from "@/api/queries";
import type { EventSchema } from "@/api/types";
import { buttonLook, IconButton } from "@/components/Button";
import { Card, CardHead } from "@/components/Card";
import { Icon } from "@/components/icons";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { useProject } from "@/lib/project";
import { dayText } from "@/lib/time";
import { useMay } from "@/lib/use-may";
import { ReadOnly } from "../ReadOnly";
import { DeleteSchemaDialog } from "./DeleteSchemaDialog";
import { ModeTag } from "./ModeTag";

export function SchemasPage() {
  const mayChange = useMay("member");
  return (
    <div className="max-w-3xl">
      <ReadOnly needed="member" />
      <Card>
        <CardHead title="Event schemas">{mayChange ? <NewSchema /> : null}</CardHead>
        <p className="px-4 pb-3 text-ink-soft sm:px-5">
          A JSON Schema says what the properties of an event look like. What does not fit is counted, or
          refused as well.
        </p>
        <SchemaList mayChange={mayChange} />
      </Card>
    </div>
  );
}

function NewSchema({ primary = false }: { primary?: boolean }) {
  const { id: projectId } = useProject();
  return (
    <Link
      to="/p/$projectId/settings/schemas/$schemaId"
      params={{ projectId, schemaId: "new" }}
      className={buttonLook(primary ? "primary" : "plain", !primary)}
    >
      <Icon name="plus" />
      {primary ? "Write the first schema" : "New schema"}
    </Link>
  );
}

function SchemaList({ mayChange }: { mayChange: boolean }) {
  const project = useProject();
  const { data, error, refetch } = useQuery(schemasQuery(project.id));
  const [removing, setRemoving] = useState<EventSchema | null>(null);
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={3} />;
  if (data.length === 0) return <NoSchemas mayChange={mayChange} />;
  const byName = [...data].sort((a, b) => a.eventName.localeCompare(b.eventName));
  return (
    <>
      <ul className="divide-y divide-line border-t border-line px-4 pb-1 sm:px-5">
        {byName.map((schema) => (
          <SchemaRow
            key={schema.id}
            schema={schema}
            onRemove={mayChange ? () => setRemoving(schema) : undefined}
          />
        ))}
      </ul>
      <DeleteSchemaDialog projectId={project.id} schema={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

function SchemaRow({ schema, onRemove }: { schema: EventSchema; onRemove: (() => void) | undefined }) {
  const project = useProject();
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2.5">
          <Link
            to="/p/$projectId/settings/schemas/$schemaId"
            params={{ projectId: project.id, schemaId: schema.id }}
            className="truncate rounded font-medium hover:text-accent hover:underline"
          >
            {schema.eventName}
          </Link>
          <ModeTag mode={schema.mode} />
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-4 text-[0.93rem] text-ink-faint">
          <span className="min-w-0 truncate">{summary(schema)}</span>
          <span>Changed {dayText(schema.updatedAt, project.timezone)}</span>
        </p>
      </div>
      {onRemove ? (
        <IconButton icon="clear" label={`Delete the schema of ${schema.eventName}`} onClick={onRemove} />
      ) : null}
    </li>
  );
}

/** The properties that a schema speaks of, the first few by name. */
function summary({ schema }: EventSchema): string {
  const properties = schema.properties;
  const names = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  if (names.length === 0) return "No properties named";
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function NoSchemas({ mayChange }: { mayChange: boolean }) {
  return (
    <div className="flex flex-col items-center gap-4 border-t border-line px-5 pt-7 pb-10 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <Icon name="check" className="size-5" />
      </span>
      <p className="max-w-sm text-ink-soft">
        No event has a schema: properties of any name and type are taken.
        {mayChange ? " Begin with a warning, and refuse once nothing is warned of." : null}
      </p>
      {mayChange ? <NewSchema primary /> : null}
    </div>
  );
}
