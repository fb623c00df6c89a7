import type { Me, Project } from "@/api/types";
import { isRange, type RangeText } from "./range";
import { recall } from "./storage";

/** Projects of organizations that the person belongs to; a superadmin also sees others, the server's own among them. */
export function ownProjects(projects: readonly Project[], me: Me): Project[] {
  const orgs = new Set(me.orgs.map(({ id }) => id));
  return projects.filter(({ orgId }) => orgs.has(orgId));
}

/** The project to open first: the one this browser had open last, else the first of their own. */
export function firstProject(projects: readonly Project[], me: Me): Project | undefined {
  const last = recall("project");
  return projects.find((project) => project.id === last) ?? ownProjects(projects, me)[0];
}

export function rememberedRange(): RangeText {
  const range = recall("range");
  return isRange(range) ? range : "7d";
}
