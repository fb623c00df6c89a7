import { Link } from "@tanstack/react-router";
import { Icon, type IconName } from "../icons";

interface Place {
  to:
    | "/p/$projectId"
    | "/p/$projectId/live"
    | "/p/$projectId/ingestion"
    | "/p/$projectId/keys"
    | "/p/$projectId/settings";
  label: string;
  icon: IconName;
}

const places: readonly Place[] = [
  { to: "/p/$projectId", label: "Overview", icon: "overview" },
  { to: "/p/$projectId/live", label: "Live", icon: "live" },
  { to: "/p/$projectId/ingestion", label: "Ingestion", icon: "inbox" },
  { to: "/p/$projectId/keys", label: "Keys & quick start", icon: "key" },
  { to: "/p/$projectId/settings", label: "Settings", icon: "settings" },
];

export function SideNav({ projectId }: { projectId: string }) {
  return (
    <nav aria-label="Project" className="space-y-0.5">
      {places.map(({ to, label, icon }) => (
        <Link
          key={to}
          to={to}
          params={{ projectId }}
          activeOptions={{ exact: to === "/p/$projectId", includeSearch: false }}
          className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 font-medium text-ink-soft hover:bg-line/60 hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-strong"
        >
          <Icon name={icon} className="size-4.5" />
          {label}
        </Link>
      ))}
    </nav>
  );
}

export function TabBar({ projectId }: { projectId: string }) {
  return (
    <nav
      aria-label="Project"
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur lg:hidden"
    >
      {places.map(({ to, label, icon }) => (
        <Link
          key={to}
          to={to}
          params={{ projectId }}
          activeOptions={{ exact: to === "/p/$projectId", includeSearch: false }}
          className="flex h-14 flex-col items-center justify-center gap-1 text-[0.86rem] font-medium text-ink-faint -outline-offset-2 aria-[current=page]:text-accent"
        >
          <Icon name={icon} className="size-5" />
          {label.split(" ")[0]}
        </Link>
      ))}
    </nav>
  );
}
