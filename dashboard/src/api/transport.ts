import { unreachable } from "./problem";
import { setReachable } from "./reach";
import { csrfToken, renew } from "./refresh";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
// These answer 401 about their own input; a renewed session would not change it.
const NEVER_RENEWED = /\/api\/v1\/(auth\/(login|register|refresh|passkey-sign-in)|setup)$/;

let onSignedOut: () => void = () => undefined;

/** Says what happens when the session is over and cannot be renewed. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** `fetch` with the CSRF token, one renewal of the session on 401, and an ApiError when nothing answers. */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const started = Date.now();
  const answer = await attempt(request);
  if (answer.status !== 401 || NEVER_RENEWED.test(new URL(request.url).pathname)) return answer;
  const renewed = await renew(started).catch(() => {
    setReachable(false);
    throw unreachable();
  });
  if (renewed) return attempt(again);
  onSignedOut();
  return answer;
}

async function attempt(request: Request): Promise<Response> {
  const csrf = csrfToken();
  if (!SAFE.has(request.method) && csrf !== null) request.headers.set("x-csrf-token", csrf);
  try {
    const answer = await fetch(request);
    setReachable(true);
    return answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    setReachable(false);
    throw unreachable();
  }
}
