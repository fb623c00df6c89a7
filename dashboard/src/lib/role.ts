import type { Me } from "@/api/types";

const rank = { viewer: 1, member: 2, admin: 3, owner: 4 } as const;
export type Role = keyof typeof rank;

/** Whether a person's role in an organisation is `needed` or above. The server decides; this only spares a refusal. */
export function may(me: Me, orgId: string, needed: Role): boolean {
  const role = me.orgs.find(({ id }) => id === orgId)?.role;
  return role !== undefined && Object.hasOwn(rank, role) && rank[role as Role] >= rank[needed];
}
