import { createContext, useContext } from "react";
import type { Project } from "@/api/types";

export const ProjectContext = createContext<Project | null>(null);

/** The project whose pages are open. */
export function useProject(): Project {
  const project = useContext(ProjectContext);
  if (!project) throw new Error("outside of a project");
  return project;
}
