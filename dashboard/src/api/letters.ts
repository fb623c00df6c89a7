import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client, done, take } from "./client";

/** Whose dead letters: one project's, or everybody's (null), which only superadmins see. */
export type Whose = string | null;

const PAGE = 50;

export function lettersKey(whose: Whose): readonly unknown[] {
  return ["letters", whose];
}

export function lettersQuery(whose: Whose) {
  return infiniteQueryOptions({
    queryKey: [...lettersKey(whose), "list"],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return whose === null
        ? take(client.GET("/api/v1/admin/dead-letters", { params: { query }, signal }))
        : take(
            client.GET("/api/v1/projects/{projectId}/dead-letters", {
              params: { path: { projectId: whose }, query },
              signal,
            }),
          );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

export function letterQuery(whose: Whose, letterId: string) {
  return queryOptions({
    queryKey: [...lettersKey(whose), letterId],
    queryFn: ({ signal }) =>
      whose === null
        ? take(
            client.GET("/api/v1/admin/dead-letters/{letterId}", { params: { path: { letterId } }, signal }),
          )
        : take(
            client.GET("/api/v1/projects/{projectId}/dead-letters/{letterId}", {
              params: { path: { projectId: whose, letterId } },
              signal,
            }),
          ),
  });
}

/** Puts a letter back into the queue as it is. */
export function replay(whose: Whose, letterId: string): Promise<void> {
  return done(
    whose === null
      ? client.POST("/api/v1/admin/dead-letters/{letterId}/replay", { params: { path: { letterId } } })
      : client.POST("/api/v1/projects/{projectId}/dead-letters/{letterId}/replay", {
          params: { path: { projectId: whose, letterId } },
        }),
  );
}

/** Deletes a letter for good. */
export function discard(whose: Whose, letterId: string): Promise<void> {
  return done(
    whose === null
      ? client.DELETE("/api/v1/admin/dead-letters/{letterId}", { params: { path: { letterId } } })
      : client.DELETE("/api/v1/projects/{projectId}/dead-letters/{letterId}", {
          params: { path: { projectId: whose, letterId } },
        }),
  );
}

/** What was acknowledged and is not stored yet, of everybody together. */
export const backlogQuery = queryOptions({
  queryKey: ["backlog"],
  queryFn: ({ signal }) => take(client.GET("/api/v1/ingest/backlog", { signal })),
});
