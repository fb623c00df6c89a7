import type { paths } from "./schema";

type Answer<
  Path extends keyof paths,
  Method extends "get" | "post",
  Status extends 200 | 201,
> = paths[Path] extends {
  [M in Method]: { responses: { [S in Status]: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type SetupState = Answer<"/api/v1/setup", "get", 200>;
export type Me = Answer<"/api/v1/auth/me", "get", 200>;
export type Project = Answer<"/api/v1/projects", "get", 200>["items"][number];
export type ApiKey = Answer<"/api/v1/projects/{projectId}/api-keys", "get", 200>["items"][number];
export type NewApiKey = Answer<"/api/v1/projects/{projectId}/api-keys", "post", 201>;
export type Collection = Answer<"/api/v1/projects/{projectId}/collection", "get", 200>;
export type EventSchema = Answer<"/api/v1/projects/{projectId}/event-schemas", "get", 200>["items"][number];
export type StoredEvent = Answer<"/api/v1/events", "get", 200>["items"][number];
export type Overview = Answer<"/api/v1/metrics/overview", "get", 200>;
export type Timeseries = Answer<"/api/v1/metrics/events/timeseries", "get", 200>;
export type TopErrors = Answer<"/api/v1/metrics/errors/top", "get", 200>;
export type Ingestion = Answer<"/api/v1/projects/{projectId}/ingestion", "get", 200>;
export type IngestionSource = Ingestion["sources"][number];
export type IngestionPoint = Ingestion["points"][number];
export type CountedReason = Ingestion["refused"][number];
export type WordNotice = Ingestion["notices"][number];
export type DeadLetter = Answer<"/api/v1/admin/dead-letters", "get", 200>["items"][number];
export type OpenLetter = Answer<"/api/v1/admin/dead-letters/{letterId}", "get", 200>;
export type Usage = Answer<"/api/v1/billing/usage", "get", 200>;
export type Completeness = Timeseries["meta"];
export type Point = Timeseries["series"][number]["points"][number];

export type Environment = "prod" | "staging" | "dev";
export type KeyScope = "ingest" | "secret";
