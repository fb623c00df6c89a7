import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { projectsQuery } from "@/api/queries";
import type { Environment, Project } from "@/api/types";
import { Card } from "@/components/Card";
import { CopyButton } from "@/components/CopyButton";
import { AreaField, Field, SelectField } from "@/components/Field";
import { Segmented } from "@/components/Segmented";
import { environments } from "@/lib/environments";
import { faultOf } from "@/lib/faults";
import { entriesOf, listFault } from "@/lib/lines";
import { useProject } from "@/lib/project";
import { allZones } from "@/lib/time";
import { useMay } from "@/lib/use-may";
import { DeleteProject } from "./DeleteProject";
import { ReadOnly } from "./ReadOnly";
import { SaveBar } from "./SaveBar";

interface Draft {
  name: string;
  description: string;
  environment: Environment;
  timezone: string;
  domains: string;
}

export function GeneralPage() {
  const project = useProject();
  const mayChange = useMay("admin");
  return (
    <div className="max-w-2xl space-y-4">
      <ReadOnly needed="admin" />
      <Card className="p-4 sm:p-5">
        <GeneralForm project={project} mayChange={mayChange} />
      </Card>
      <Card className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4 sm:p-5">
        <div className="min-w-0">
          <p className="font-medium">Project id</p>
          <code className="font-mono text-[0.93rem] wrap-anywhere text-ink-soft">{project.id}</code>
        </div>
        <CopyButton text={project.id} label="Copy id" />
      </Card>
      {mayChange ? <DeleteProject project={project} /> : null}
    </div>
  );
}

function draftOf(project: Project): Draft {
  const { name, description, environment, timezone, domains } = project;
  return { name, description, environment, timezone, domains: domains.join("\n") };
}

function GeneralForm({ project, mayChange }: { project: Project; mayChange: boolean }) {
  const [draft, setDraft] = useState(() => draftOf(project));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const save = useSave(project.id, (saved) => setDraft(draftOf(saved)));
  const faults = save.error ? asApiError(save.error).faults : [];
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(project));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayChange} className="space-y-5">
        <Field
          label="Name"
          required
          maxLength={200}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          fault={faultOf(faults, "name")}
        />
        <Field
          label="Description (optional)"
          maxLength={2000}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
          fault={faultOf(faults, "description")}
        />
        <div className="space-y-1.5">
          <p className="font-medium">Environment</p>
          <Segmented
            label="Environment"
            wide
            value={draft.environment}
            options={environments}
            onChange={(environment) => set({ environment })}
          />
          <p className="text-ink-faint">New keys say live for production and test for the others.</p>
        </div>
        <SelectField
          label="Time zone"
          hint="Days, weeks and charts are cut in it, those of the past too."
          value={draft.timezone}
          onChange={(event) => set({ timezone: event.target.value })}
          fault={faultOf(faults, "timezone")}
        >
          {allZones().map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </SelectField>
        <AreaField
          label="Domains"
          rows={3}
          placeholder={"acme.dev\nshop.acme.dev"}
          hint="One on each line. Page views are taken from these sites and their subdomains."
          value={draft.domains}
          onChange={(event) => set({ domains: event.target.value })}
          fault={listFault(faults, "domains", draft.domains)}
        />
        {mayChange ? <SaveBar saving={save} changed={changed} inputs={inputsOf(draft)} /> : null}
      </fieldset>
    </form>
  );
}

function inputsOf(draft: Draft): string[] {
  const lines = entriesOf(draft.domains).map((_, index) => `domains.${index}`);
  return ["name", "description", "timezone", "domains", ...lines];
}

function useSave(projectId: string, onSaved: (project: Project) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ domains, ...draft }: Draft) =>
      take(
        client.PATCH("/api/v1/projects/{projectId}", {
          params: { path: { projectId } },
          body: { ...draft, domains: entriesOf(domains) },
        }),
      ),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
      onSaved(saved);
    },
  });
}
