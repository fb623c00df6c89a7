import * as Menu from "@radix-ui/react-dropdown-menu";
import { Link } from "@tanstack/react-router";
import type { Me, Project } from "@/api/types";
import { ownProjects } from "@/lib/pick";
import { Icon } from "../icons";
import { menuItem, menuPanel } from "../menu";

interface Props {
  me: Me;
  projects: readonly Project[];
  current: Project | undefined;
}

export function ProjectSwitcher({ me, projects, current }: Props) {
  const own = ownProjects(projects, me);
  const others = projects.filter((project) => !own.includes(project));
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-lg border border-line bg-surface pr-2 pl-2.5 text-left shadow-card hover:border-line-strong">
        <Initial name={current?.name ?? "?"} />
        <span className="min-w-0 flex-1">
          <span className="block truncate leading-tight font-medium">
            {current?.name ?? "Choose a project"}
          </span>
          {current ? (
            <span className="block text-[0.86rem] leading-tight text-ink-faint">{current.environment}</span>
          ) : null}
        </span>
        <Icon name="updown" className="size-4 text-ink-faint" />
        <span className="sr-only">Switch project</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="start" sideOffset={6} className={`${menuPanel} max-w-80`}>
          <div className="max-h-[50vh] overflow-y-auto">
            {own.map((project) => (
              <Choice key={project.id} project={project} current={project.id === current?.id} />
            ))}
            {others.length > 0 ? (
              <>
                <Menu.Label className="px-2.5 pt-2.5 pb-1 text-[0.86rem] text-ink-faint">
                  On this server
                </Menu.Label>
                {others.map((project) => (
                  <Choice key={project.id} project={project} current={project.id === current?.id} />
                ))}
              </>
            ) : null}
          </div>
          {projects.length > 0 ? <Menu.Separator className="mx-1 my-1.5 h-px bg-line" /> : null}
          <Menu.Item asChild>
            <Link to="/projects/new" className={menuItem}>
              <span className="grid size-6 place-items-center text-ink-soft">
                <Icon name="plus" />
              </span>
              New project
            </Link>
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Choice({ project, current }: { project: Project; current: boolean }) {
  return (
    <Menu.Item asChild>
      <Link to="/p/$projectId" params={{ projectId: project.id }} className={menuItem}>
        <Initial name={project.name} />
        <span className="min-w-0 flex-1 truncate">{project.name}</span>
        {project.environment === "prod" ? null : <EnvironmentTag name={project.environment} />}
        {current ? <Icon name="check" className="size-4 text-accent" /> : null}
      </Link>
    </Menu.Item>
  );
}

function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-6 shrink-0 place-items-center rounded-md bg-accent-soft text-[0.86rem] font-semibold text-accent-strong"
    >
      {[...name.trim()][0]?.toUpperCase() ?? "?"}
    </span>
  );
}

function EnvironmentTag({ name }: { name: string }) {
  return (
    <span className="rounded bg-line/70 px-1.5 py-0.5 text-[0.8rem] leading-none text-ink-soft">{name}</span>
  );
}
