import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { meQuery, projectsQuery } from "@/api/queries";
import { useReachable } from "@/api/reach";
import type { Me } from "@/api/types";
import { firstProject } from "@/lib/pick";
import { Icon } from "../icons";
import { Mark, Wordmark } from "../Logo";
import { LagBanner } from "./LagBanner";
import { SideNav, TabBar } from "./nav";
import { ProjectSwitcher } from "./ProjectSwitcher";
import { UserMenu } from "./UserMenu";

/** Everything around a signed-in page: a side bar on wide screens, a top bar and tabs on narrow ones. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const { projectId } = useParams({ strict: false });
  const current = projectId ? projects.find(({ id }) => id === projectId) : firstProject(projects, me);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2 focus:shadow-lifted"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line px-3.5 py-4 lg:flex">
        <Link to="/" className="rounded-lg px-1.5 py-1">
          <Wordmark />
        </Link>
        {projects.length > 0 ? <ProjectSwitcher me={me} projects={projects} current={current} /> : null}
        {current ? <SideNav projectId={current.id} /> : null}
        <div className="mt-auto">
          <UserMenu me={me} side="top">
            <button
              type="button"
              className="flex w-full items-center gap-2.5 rounded-lg px-2 py-1.5 text-left hover:bg-line/60"
            >
              <Avatar me={me} />
              <span className="min-w-0 flex-1 truncate">{me.name || me.email}</span>
              <Icon name="updown" className="size-4 text-ink-faint" />
            </button>
          </UserMenu>
        </div>
      </aside>
      <header className="sticky top-0 z-30 flex items-center gap-3 border-b border-line bg-paper/95 px-4 py-2 backdrop-blur lg:hidden">
        <Link to="/" aria-label="Pulseboard" className="rounded-lg">
          <Mark className="size-9" />
        </Link>
        <div className="min-w-0 flex-1">
          {projects.length > 0 ? <ProjectSwitcher me={me} projects={projects} current={current} /> : null}
        </div>
        <UserMenu me={me} side="bottom">
          <button type="button" aria-label="Your account" className="rounded-full">
            <Avatar me={me} />
          </button>
        </UserMenu>
      </header>
      <main id="main" tabIndex={-1} className="min-w-0 px-4 pt-5 pb-24 outline-none sm:px-6 lg:px-9 lg:py-8">
        <div className="mx-auto max-w-[76rem]">
          <ReachBanner />
          <LagBanner />
          <Outlet />
        </div>
      </main>
      {current ? <TabBar projectId={current.id} /> : null}
    </div>
  );
}

function Avatar({ me }: { me: Me }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full bg-ink font-semibold text-paper"
    >
      {[...(me.name || me.email)][0]?.toUpperCase()}
    </span>
  );
}

function ReachBanner() {
  if (useReachable()) return null;
  return (
    <div
      role="alert"
      className="mb-5 flex animate-appear items-center gap-2.5 rounded-lg bg-warn-soft px-3.5 py-2.5 text-warn"
    >
      <Icon name="warning" />
      <span>The server does not answer. What you see may be old; this page keeps trying.</span>
    </div>
  );
}
