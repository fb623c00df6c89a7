import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { client, done } from "@/api/client";
import { projectsQuery } from "@/api/queries";
import type { Project } from "@/api/types";
import { Button } from "@/components/Button";
import { Card } from "@/components/Card";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Field } from "@/components/Field";
import { remember } from "@/lib/storage";

export function DeleteProject({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useRemove(project.id);
  const close = () => {
    setAsking(false);
    setTyped("");
    remove.reset();
  };
  return (
    <Card className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 p-4 sm:p-5">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">Delete this project</p>
        <p className="text-ink-soft">Its keys stop at once, and its events are no longer shown to anybody.</p>
      </div>
      <Button onClick={() => setAsking(true)}>Delete …</Button>
      <ConfirmDialog
        open={asking}
        title={`Delete “${project.name}”?`}
        lead="Programs that send to it are refused from now on. There is no way back in this dashboard."
        keep="Keep it"
        act="Delete the project"
        busy={remove.isPending}
        blocked={typed.trim() !== project.name}
        error={remove.error}
        onAct={() => remove.mutate()}
        onClose={close}
      >
        <Field
          label="Its name, to be sure"
          placeholder={project.name}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </ConfirmDialog>
    </Card>
  );
}

function useRemove(projectId: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      done(client.DELETE("/api/v1/projects/{projectId}", { params: { path: { projectId } } })),
    onSuccess: async () => {
      remember("project", null);
      await queries.invalidateQueries({ queryKey: projectsQuery.queryKey, refetchType: "none" });
      await navigate({ to: "/", replace: true });
    },
  });
}
