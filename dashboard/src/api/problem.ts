/** One fault of a 422: which input, and what is wrong with it. */
export interface Fault {
  path: string;
  message: string;
}

/** A refused or failed call. `status` 0 means that the server could not be reached at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly faults: readonly Fault[] = [],
    readonly retryAfter: number | null = null,
    readonly type: string = "",
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

const fallback: Record<number, string> = {
  0: "Pulseboard does not answer. Check that the server runs and that you are connected.",
  401: "Sign in to go on.",
  403: "Your role does not allow this.",
  404: "It is not here, or it is not yours to see.",
  413: "That is too large.",
  429: "Too many requests. Wait a moment and try again.",
  503: "The server is busy or starting. Try again in a moment.",
};

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function readFault(value: unknown): Fault {
  const { path, message } = record(value);
  return { path: String(path ?? ""), message: String(message ?? "is not valid") };
}

/** Reads a problem document; copes with a body that is none (a proxy's page, an empty answer). */
export function problem(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const { type, detail, title, errors } = record(body);
  const words = [detail, title].find((text): text is string => typeof text === "string" && text !== "");
  const faults = Array.isArray(errors) ? errors.map(readFault) : [];
  const wait = retryAfter === null ? Number.NaN : Number(retryAfter);
  return new ApiError(
    status,
    words ?? fallback[status] ?? `The server answered ${status}.`,
    faults,
    Number.isNaN(wait) ? null : wait,
    typeof type === "string" ? type : "",
  );
}

export function unreachable(): ApiError {
  return problem(0, null);
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError(-1, "Something went wrong in this page. Reload it.");
}

export function statusOf(error: unknown): number | null {
  return error instanceof ApiError ? error.status : null;
}
