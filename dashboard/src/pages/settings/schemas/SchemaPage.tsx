import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { schemasQuery } from "@/api/queries";
import { buttonLook } from "@/components/Button";
import { Card } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { useProject } from "@/lib/project";
import { ReadOnly } from "../ReadOnly";
import { SchemaForm } from "./SchemaForm";

export function SchemaPage() {
  const { schemaId } = useParams({ from: "/signed-in/p/$projectId/settings/schemas/$schemaId" });
  return (
    <div className="max-w-3xl">
      <ReadOnly needed="member" />
      <Card className="p-4 sm:p-5">
        {schemaId === "new" ? <SchemaForm /> : <Known schemaId={schemaId} />}
      </Card>
    </div>
  );
}

function Known({ schemaId }: { schemaId: string }) {
  const { id: projectId } = useProject();
  const { data, error, refetch } = useQuery(schemasQuery(projectId));
  if (error && !data) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton rows={5} />;
  const schema = data.find(({ id }) => id === schemaId);
  return schema ? <SchemaForm key={schema.id} schema={schema} /> : <Gone projectId={projectId} />;
}

function Gone({ projectId }: { projectId: string }) {
  return (
    <div className="flex flex-col items-center gap-4 py-8 text-center">
      <p className="text-ink-soft">This schema is not there any more.</p>
      <Link to="/p/$projectId/settings/schemas" params={{ projectId }} className={buttonLook()}>
        To the schemas
      </Link>
    </div>
  );
}
