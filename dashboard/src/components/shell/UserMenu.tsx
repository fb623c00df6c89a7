import * as Menu from "@radix-ui/react-dropdown-menu";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Me } from "@/api/types";
import { useSignOut } from "@/lib/session";
import { setTheme, type Theme, useTheme } from "@/lib/theme";
import { Icon, type IconName } from "../icons";
import { menuItem, menuPanel } from "../menu";

const themes: readonly { value: Theme; label: string; icon: IconName }[] = [
  { value: "system", label: "System", icon: "system" },
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
];

/** Who is signed in; their profile, the theme, and the way out. `trigger` is what opens it. */
export function UserMenu({ me, side, children }: { me: Me; side: "top" | "bottom"; children: ReactNode }) {
  const { theme } = useTheme();
  const signOut = useMutation({ mutationFn: useSignOut() });
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>{children}</Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          side={side}
          align={side === "top" ? "start" : "end"}
          sideOffset={8}
          className={menuPanel}
        >
          <div className="px-2.5 py-2">
            <p className="truncate font-medium">{me.name || me.email}</p>
            {me.name ? <p className="truncate text-ink-faint">{me.email}</p> : null}
          </div>
          <Menu.Separator className="mx-1 mb-1.5 h-px bg-line" />
          <Menu.RadioGroup
            value={theme}
            onValueChange={(value) => setTheme(value as Theme)}
            className="mb-1.5 flex gap-0.5 rounded-lg bg-line/55 p-0.5"
            aria-label="Theme"
          >
            {themes.map(({ value, label, icon }) => (
              <Menu.RadioItem
                key={value}
                value={value}
                onSelect={(event) => event.preventDefault()}
                className="flex h-8 flex-1 cursor-pointer items-center justify-center gap-1.5 rounded-md px-2 text-ink-soft outline-none data-highlighted:text-ink data-highlighted:ring-2 data-highlighted:ring-accent/50 data-[state=checked]:bg-raised data-[state=checked]:text-ink data-[state=checked]:shadow-card"
              >
                <Icon name={icon} />
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Item asChild>
            <Link to="/profile" className={menuItem}>
              <Icon name="user" className="size-4 text-ink-soft" />
              Profile
            </Link>
          </Menu.Item>
          {me.roles.includes("superadmin") ? (
            <Menu.Item asChild>
              <Link to="/admin/dead-letters" className={menuItem}>
                <Icon name="inbox" className="size-4 text-ink-soft" />
                Dead letters
              </Link>
            </Menu.Item>
          ) : null}
          <Menu.Item className={menuItem} onSelect={() => signOut.mutate()}>
            <Icon name="out" className="size-4 text-ink-soft" />
            Sign out
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
