import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { before, type RangeText, resolve } from "@/lib/range";
import { client, take } from "./client";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => take(client.GET("/api/v1/setup", { signal })),
  staleTime: 60_000,
});

/** How people sign in here. */
export const methodsQuery = queryOptions({
  queryKey: ["methods"],
  queryFn: ({ signal }) => take(client.GET("/api/v1/auth/methods", { signal })),
  staleTime: 60_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => take(client.GET("/api/v1/auth/me", { signal })),
  staleTime: 5 * 60_000,
});

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) =>
    take(client.GET("/api/v1/projects", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
  staleTime: 60_000,
});

export function keysQuery(projectId: string) {
  return queryOptions({
    queryKey: ["project", projectId, "keys"],
    queryFn: ({ signal }) =>
      take(
        client.GET("/api/v1/projects/{projectId}/api-keys", {
          params: { path: { projectId } },
          signal,
        }),
      ),
    select: (page) => page.items,
  });
}

export function collectionQuery(projectId: string) {
  return queryOptions({
    queryKey: ["project", projectId, "collection"],
    queryFn: ({ signal }) =>
      take(
        client.GET("/api/v1/projects/{projectId}/collection", { params: { path: { projectId } }, signal }),
      ),
  });
}

/** All schemas of a project's events: there are 200 at most. */
export function schemasQuery(projectId: string) {
  return queryOptions({
    queryKey: ["project", projectId, "schemas"],
    queryFn: ({ signal }) =>
      take(
        client.GET("/api/v1/projects/{projectId}/event-schemas", {
          params: { path: { projectId }, query: { limit: 200 } },
          signal,
        }),
      ),
    select: (page) => page.items,
  });
}

export function eventsQuery(projectId: string, limit: number) {
  return queryOptions({
    queryKey: ["project", projectId, "events", limit],
    queryFn: ({ signal }) =>
      take(client.GET("/api/v1/events", { params: { query: { projectId, limit } }, signal })),
    select: (page) => page.items,
  });
}

/** One event name or type that the overview is narrowed to. */
export interface Focus {
  property: "name" | "type";
  value: string;
}

/** What the overview's reads share: one project, one range, one time zone, and perhaps one kind of event. */
export interface View {
  projectId: string;
  range: RangeText;
  zone: string;
  focus?: Focus | undefined;
}

interface Filter {
  property: string;
  operator: "is";
  value: string | boolean;
}

function filtersOf(view: View, ...more: Filter[]): { filters?: string } {
  const focus = view.focus ? [{ ...view.focus, operator: "is" } as const] : [];
  const all = [...focus, ...more];
  return all.length > 0 ? { filters: JSON.stringify(all) } : {};
}

function keyOf(view: View, what: string): readonly unknown[] {
  return [...numbersKey(view.projectId), what, view.range, view.zone, view.focus ?? null];
}

/** The key under which every number of a project's overview is kept; invalidating it renews them all. */
export function numbersKey(projectId: string): readonly string[] {
  return ["project", projectId, "numbers"];
}

// Presets go to the server by name, so that its clock and not this computer's decides what "now" is.
function span(view: View) {
  const range = resolve(view.range, new Date(), view.zone);
  const shared = { projectId: view.projectId, timezone: view.zone, ...filtersOf(view) };
  const query = range.preset
    ? { ...shared, range: range.preset }
    : { ...shared, from: range.from.toISOString(), to: range.to.toISOString() };
  return { range, query };
}

export function overviewQuery(view: View) {
  return queryOptions({
    queryKey: keyOf(view, "overview"),
    queryFn: ({ signal }) =>
      take(client.GET("/api/v1/metrics/overview", { params: { query: span(view).query }, signal })),
  });
}

export function seriesQuery(view: View) {
  return queryOptions({
    queryKey: keyOf(view, "series"),
    queryFn: ({ signal }) => fetchSeries(view, signal),
  });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ERRORS: Filter = { property: "isError", operator: "is", value: true };

/** Events, the same of the period before, and errors, each as points of the same interval. */
async function fetchSeries(view: View, signal: AbortSignal) {
  const { range, query } = span(view);
  const earlier = before(range);
  // The bucket that is still filling stands against a whole one.
  const until = range.preset
    ? new Date(earlier.to.getTime() + (range.interval === "day" ? DAY_MS : HOUR_MS))
    : earlier.to;
  const get = (more: object) =>
    take(
      client.GET("/api/v1/metrics/events/timeseries", {
        params: { query: { ...query, interval: range.interval, ...more } },
        signal,
      }),
    ).then(({ series, meta }) => ({ points: series[0]?.points ?? [], meta }));
  const [events, errors, previous] = await Promise.all([
    get({}),
    get(filtersOf(view, ERRORS)),
    get({ range: undefined, from: earlier.from.toISOString(), to: until.toISOString() }),
  ]);
  const { meta } = events;
  return { range, events: events.points, errors: errors.points, previous: previous.points, meta };
}

export function topErrorsQuery(view: View) {
  return queryOptions({
    queryKey: keyOf(view, "errors"),
    queryFn: ({ signal }) =>
      take(
        client.GET("/api/v1/metrics/errors/top", {
          params: { query: { ...span(view).query, limit: 8 } },
          signal,
        }),
      ),
  });
}

export function summaryQuery(view: View) {
  return queryOptions({
    queryKey: keyOf(view, "summary"),
    queryFn: ({ signal }) =>
      take(client.GET("/api/v1/dashboard/summary", { params: { query: span(view).query }, signal })),
  });
}

export function typesQuery(view: View) {
  return queryOptions({
    queryKey: keyOf(view, "types"),
    queryFn: ({ signal }) =>
      take(client.GET("/api/v1/analytics/events/by-type", { params: { query: span(view).query }, signal })),
  });
}

/** What came to a project, by source and bucket, and why the rest was refused. */
export function ingestionQuery({ projectId, range, zone }: View) {
  return queryOptions({
    queryKey: ["project", projectId, "ingestion", range, zone],
    queryFn: async ({ signal }) => {
      const asked = span({ projectId, range, zone });
      const { projectId: _, filters: __, ...query } = asked.query;
      const path = "/api/v1/projects/{projectId}/ingestion";
      const found = await take(client.GET(path, { params: { path: { projectId }, query }, signal }));
      return { ...found, range: { ...asked.range, interval: found.interval } };
    },
  });
}

/** How much of its month's quota an organisation has used. */
export function usageQuery(orgId: string) {
  return queryOptions({
    queryKey: ["org", orgId, "usage"],
    queryFn: ({ signal }) =>
      take(client.GET("/api/v1/billing/usage", { params: { query: { orgId } }, signal })),
  });
}

/** The same view of all events: what can be chosen stays in sight while one is chosen. */
export function wholeOf({ focus: _, ...view }: View): View {
  return view;
}

/** Begins to load what the overview shows first, without waiting for its code. */
export function prefetchNumbers(queries: QueryClient, view: View): void {
  void queries.prefetchQuery(overviewQuery(view));
  void queries.prefetchQuery(seriesQuery(view));
  void queries.prefetchQuery(summaryQuery(wholeOf(view)));
  void queries.prefetchQuery(topErrorsQuery(view));
}
