import { Link, Outlet } from "@tanstack/react-router";
import { PageHead } from "@/components/Card";
import { useProject } from "@/lib/project";

const parts = [
  { to: "/p/$projectId/settings", label: "General" },
  { to: "/p/$projectId/settings/collection", label: "What is collected" },
  { to: "/p/$projectId/settings/schemas", label: "Event schemas" },
] as const;

export function SettingsFrame() {
  const project = useProject();
  return (
    <>
      <PageHead title="Settings" note={`Of ${project.name}, for everybody who sees it.`} />
      <nav
        aria-label="Settings"
        className="-mx-4 mb-5 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0"
      >
        <ul className="flex gap-5">
          {parts.map(({ to, label }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ projectId: project.id }}
                activeOptions={{ exact: to === "/p/$projectId/settings" }}
                className="-mb-px block border-b-2 border-transparent py-2 font-medium whitespace-nowrap text-ink-soft -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent-strong"
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet key={project.id} />
    </>
  );
}
