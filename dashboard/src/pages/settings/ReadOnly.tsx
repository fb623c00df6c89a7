import { Icon } from "@/components/icons";
import type { Role } from "@/lib/role";
import { useMay } from "@/lib/use-may";

/** Says why nothing on a page can be changed, to whom that concerns. */
export function ReadOnly({ needed }: { needed: Role }) {
  if (useMay(needed)) return null;
  return (
    <p className="mb-4 flex gap-2 text-ink-soft">
      <Icon name="eye" className="mt-0.5 size-4" />
      You may look at this. To change it, you need the role {needed} in the organisation.
    </p>
  );
}
