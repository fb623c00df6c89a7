import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { meQuery, projectsQuery } from "@/api/queries";
import type { Environment } from "@/api/types";
import { Button } from "@/components/Button";
import { Card, PageHead } from "@/components/Card";
import { Field, SelectField } from "@/components/Field";
import { ProblemNotice } from "@/components/Notice";
import { Segmented } from "@/components/Segmented";
import { environments } from "@/lib/environments";
import { faultOf } from "@/lib/faults";
import { keepFreshKey } from "@/lib/fresh-key";
import { ownProjects } from "@/lib/pick";
import { allZones, browserZone } from "@/lib/time";

interface Draft {
  name: string;
  environment: Environment;
  timezone: string;
  domain: string;
}

export function NewProjectPage() {
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const first = ownProjects(projects, me).length === 0;
  const [draft, setDraft] = useState<Draft>({
    name: "",
    environment: "prod",
    timezone: browserZone(),
    domain: "",
  });
  const create = useCreateProject();
  const faults = create.error ? asApiError(create.error).faults : [];
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(draft);
  };
  return (
    <div className="mx-auto max-w-xl lg:pt-6">
      <PageHead
        title={first ? "Your first project" : "New project"}
        note="A project is one app, site or service. Its events, keys and numbers stay apart from all others."
      />
      <Card className="p-5 sm:p-6">
        <form onSubmit={submit} className="space-y-5">
          <Field
            label="Name"
            autoFocus
            required
            maxLength={200}
            placeholder="Acme web shop"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            fault={faultOf(faults, "name")}
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
          </div>
          <SelectField
            label="Time zone"
            hint="Days, weeks and charts of this project are cut in it."
            value={draft.timezone}
            onChange={(event) => set({ timezone: event.target.value })}
            fault={faultOf(faults, "timezone")}
          >
            {allZones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </SelectField>
          <Field
            label="Domain (optional)"
            placeholder="acme.dev"
            hint="Only needed for page views sent straight from browsers."
            value={draft.domain}
            onChange={(event) => set({ domain: event.target.value })}
            fault={faultOf(faults, "domains")}
          />
          <ProblemNotice error={create.error} inputs={["name", "timezone", "domains"]} />
          <Button type="submit" look="primary" busy={create.isPending} className="w-full">
            {first ? "Make the project and its first key" : "Make the project"}
          </Button>
        </form>
      </Card>
    </div>
  );
}

// A project without a key can receive nothing, so the two are made together and the quick start opens with the key in it.
function useCreateProject() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ name, environment, timezone, domain }: Draft) => {
      const domains = domain.trim() ? [domain.trim()] : [];
      const project = await take(
        client.POST("/api/v1/projects", { body: { name, environment, timezone, domains } }),
      );
      const path = { projectId: project.id };
      const key = await take(
        client.POST("/api/v1/projects/{projectId}/api-keys", {
          params: { path },
          body: { label: "First key", scope: "ingest" },
        }),
      ).catch(() => null);
      return { project, key };
    },
    onSuccess: async ({ project, key }) => {
      if (key) keepFreshKey(project.id, key);
      await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
      await navigate({ to: "/p/$projectId/keys", params: { projectId: project.id } });
    },
  });
}
