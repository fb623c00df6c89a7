import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client, done } from "@/api/client";
import { meQuery } from "@/api/queries";
import type { Me } from "@/api/types";

/** Forgets what the last person saw and begins with `user`. */
export function begin(queries: QueryClient, user: Me): void {
  queries.clear();
  queries.setQueryData(meQuery.queryKey, user);
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await done(client.POST("/api/v1/auth/logout"));
    await navigate({ to: "/login" });
    queries.clear();
  };
}
