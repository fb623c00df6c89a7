import createClient from "openapi-fetch";
import { problem } from "./problem";
import type { paths } from "./schema";
import { send } from "./transport";

export const client = createClient<paths>({ baseUrl: location.origin, fetch: send });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; throws an ApiError for any other. */
export async function take<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok || data === undefined || data === null)
    throw problem(response.status, error, response.headers.get("retry-after"));
  return data;
}

/** For calls that answer without a body. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) throw problem(response.status, error, response.headers.get("retry-after"));
}
