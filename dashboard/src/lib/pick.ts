import type { Project } from "@/api/types";
import { isRange, type RangeText } from "./range";
import { recall } from "./storage";

/** The project to open first: the one this browser had open last, else the first of the list. */
export function firstProject(projects: readonly Project[]): Project | undefined {
  const last = recall("project");
  return projects.find((project) => project.id === last) ?? projects[0];
}

export function rememberedRange(): RangeText {
  const range = recall("range");
  return isRange(range) ? range : "7d";
}
