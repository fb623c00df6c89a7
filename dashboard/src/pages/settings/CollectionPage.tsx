import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { client, take } from "@/api/client";
import { asApiError } from "@/api/problem";
import { collectionQuery } from "@/api/queries";
import type { Collection } from "@/api/types";
import { Card, CardHead } from "@/components/Card";
import { AreaField } from "@/components/Field";
import { LoadFailure } from "@/components/Notice";
import { ListSkeleton } from "@/components/RankList";
import { Switch } from "@/components/Switch";
import { entriesOf, listFault } from "@/lib/lines";
import { useProject } from "@/lib/project";
import { useMay } from "@/lib/use-may";
import { type MaskRule, MaskRules } from "./MaskRules";
import { ReadOnly } from "./ReadOnly";
import { SaveBar } from "./SaveBar";

export function CollectionPage() {
  const project = useProject();
  const { data, error, refetch } = useQuery(collectionQuery(project.id));
  return (
    <div className="max-w-2xl">
      <ReadOnly needed="admin" />
      {data ? (
        <CollectionForm projectId={project.id} kept={data} />
      ) : (
        <Card className="py-2">
          {error ? <LoadFailure error={error} onRetry={() => void refetch()} /> : <ListSkeleton rows={5} />}
        </Card>
      )}
    </div>
  );
}

interface Draft {
  keepAddress: boolean;
  maskSecrets: boolean;
  mask: readonly MaskRule[];
  addresses: string;
  agents: string;
}

function draftOf({ keepAddress, maskSecrets, mask, blockedAddresses, blockedAgents }: Collection): Draft {
  return {
    keepAddress,
    maskSecrets,
    mask,
    addresses: blockedAddresses.join("\n"),
    agents: blockedAgents.join("\n"),
  };
}

function bodyOf({ keepAddress, maskSecrets, mask, addresses, agents }: Draft): Collection {
  return {
    keepAddress,
    maskSecrets,
    mask: mask.map(({ property, action }) => ({ property: property.trim(), action })),
    blockedAddresses: entriesOf(addresses),
    blockedAgents: entriesOf(agents),
  };
}

function CollectionForm({ projectId, kept }: { projectId: string; kept: Collection }) {
  const mayChange = useMay("admin");
  const [draft, setDraft] = useState(() => draftOf(kept));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const save = useSave(projectId, (saved) => setDraft(draftOf(saved)));
  const faults = save.error ? asApiError(save.error).faults : [];
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(kept));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!mayChange} className="space-y-4">
        <Card className="space-y-5 p-4 sm:p-5">
          <Switch
            label="Mask secrets"
            text="Card numbers, keys and passwords in messages and URLs are stored as stars."
            on={draft.maskSecrets}
            onChange={(maskSecrets) => set({ maskSecrets })}
          />
          <Switch
            label="Keep visitors' addresses"
            text="Off, an address tells the country and is then forgotten. On, it is stored as the property ip."
            on={draft.keepAddress}
            onChange={(keepAddress) => set({ keepAddress })}
          />
        </Card>
        <Card className="pb-4 sm:pb-5">
          <CardHead title="Masked properties" />
          <MaskRules
            rules={draft.mask}
            faults={faults}
            mayChange={mayChange}
            onChange={(mask) => set({ mask })}
          />
        </Card>
        <Card className="space-y-5 p-4 sm:p-5">
          <AreaField
            label="Blocked addresses"
            rows={4}
            placeholder={"203.0.113.7\n10.0.0.0/8"}
            hint="Addresses or networks, one on each line. What visitors send from there is not taken."
            value={draft.addresses}
            onChange={(event) => set({ addresses: event.target.value })}
            fault={listFault(faults, "blockedAddresses", draft.addresses)}
          />
          <AreaField
            label="Blocked user agents"
            rows={4}
            placeholder={"HeadlessChrome\nUptimeRobot"}
            hint="Parts of user agents, one on each line, upper or lower case alike."
            value={draft.agents}
            onChange={(event) => set({ agents: event.target.value })}
            fault={listFault(faults, "blockedAgents", draft.agents)}
          />
        </Card>
        {mayChange ? <SaveBar saving={save} changed={changed} inputs={inputsOf(draft)} /> : null}
      </fieldset>
    </form>
  );
}

/** The paths of faults that stand beside their inputs. */
function inputsOf(draft: Draft): string[] {
  const body = bodyOf(draft);
  return [
    ...["blockedAddresses", "blockedAgents"],
    ...body.blockedAddresses.map((_, index) => `blockedAddresses.${index}`),
    ...body.blockedAgents.map((_, index) => `blockedAgents.${index}`),
    ...body.mask.map((_, index) => `mask.${index}.property`),
  ];
}

function useSave(projectId: string, onSaved: (saved: Collection) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) =>
      take(
        client.PUT("/api/v1/projects/{projectId}/collection", {
          params: { path: { projectId } },
          body: bodyOf(draft),
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(collectionQuery(projectId).queryKey, saved);
      onSaved(saved);
    },
  });
}
