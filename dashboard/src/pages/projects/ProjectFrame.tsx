import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { projectsQuery } from "@/api/queries";
import { PageMissing } from "@/components/PageStates";
import { ProjectContext } from "@/lib/project";
import { remember } from "@/lib/storage";
import { LiveProvider } from "@/live/LiveContext";

export function ProjectFrame() {
  const { projectId } = useParams({ from: "/signed-in/p/$projectId" });
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const project = projects.find(({ id }) => id === projectId);
  useEffect(() => remember("project", projectId), [projectId]);
  if (!project) return <PageMissing />;
  return (
    <ProjectContext value={project}>
      <LiveProvider key={projectId} projectId={projectId}>
        <Outlet />
      </LiveProvider>
    </ProjectContext>
  );
}
