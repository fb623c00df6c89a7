import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { useProject } from "./project";
import { may, type Role } from "./role";

/** Whether the person may do in the open project what needs this role. */
export function useMay(needed: Role): boolean {
  const { data: me } = useSuspenseQuery(meQuery);
  return may(me, useProject().orgId, needed);
}
