import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button, buttonLook } from "@/components/Button";
import { Card, CardHead, PageHead } from "@/components/Card";
import { QuickStart } from "@/components/quickstart/QuickStart";
import { useFreshKey } from "@/lib/fresh-key";
import { useProject } from "@/lib/project";
import { useMay } from "@/lib/use-may";
import { FreshKeyCard } from "./FreshKeyCard";
import { KeyList } from "./KeyList";
import { NewKeyDialog } from "./NewKeyDialog";

export function KeysPage() {
  const project = useProject();
  const fresh = useFreshKey(project.id);
  const mayChange = useMay("admin");
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead
        title="Keys & quick start"
        note="Programs send events with a key. Each one belongs to this project alone."
      >
        {mayChange ? (
          <Button look={fresh ? "plain" : "primary"} icon="plus" onClick={() => setMaking(true)}>
            New key
          </Button>
        ) : null}
      </PageHead>
      <div className="space-y-4">
        {fresh ? <FreshKeyCard fresh={fresh} /> : null}
        <Card>
          <CardHead title="Keys">
            <Link
              to="/p/$projectId/ingestion"
              params={{ projectId: project.id }}
              className={buttonLook("quiet", true)}
            >
              What each one sends
            </Link>
          </CardHead>
          {mayChange ? (
            <KeyList projectId={project.id} zone={project.timezone} onNew={() => setMaking(true)} />
          ) : (
            <p className="px-4 pb-4 text-ink-soft sm:px-5">
              Keys are seen and made by the organisation's admins and owners. Ask one of them for yours.
            </p>
          )}
        </Card>
        {fresh ? null : (
          <Card className="p-4 sm:p-5">
            <h2 className="mb-3 font-semibold">Quick start</h2>
            <QuickStart />
          </Card>
        )}
      </div>
      <NewKeyDialog projectId={project.id} open={making} onOpenChange={setMaking} />
    </>
  );
}
