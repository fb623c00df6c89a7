/**
 * Renewing the session. A refresh token works once, and using it twice looks like theft and ends the session
 * everywhere. So only one tab may refresh at a time, and a tab that waited must see that another one was quicker.
 */
const LOCK = "pulseboard.refresh";
const STAMP = "pulseboard.refreshed-at";
const BEGUN = "pulseboard.refresh-begun";
const LEASE_MS = 8_000;
const PATIENCE_MS = 4_000;

let running: Promise<boolean> | null = null;

/** Renews the session, unless it was renewed after `since` (milliseconds); false when nobody is signed in any more. */
export function renew(since: number): Promise<boolean> {
  running ??= alone(() => renewOnce(since)).finally(() => {
    running = null;
  });
  return running;
}

async function renewOnce(since: number): Promise<boolean> {
  if (Number(read(STAMP)) > since || (await finishedElsewhere())) return true;
  const csrf = csrfToken();
  if (csrf === null) return false;
  write(BEGUN, String(Date.now()));
  // A page that is left or reloaded must not take the new cookies with it: the old ones are spent.
  const headers = { "x-csrf-token": csrf };
  const answer = await fetch("/api/v1/auth/refresh", { method: "POST", keepalive: true, headers });
  write(BEGUN, "");
  if (answer.ok) write(STAMP, String(Date.now()));
  else if (answer.status !== 401 && answer.status !== 403) throw new TypeError("refresh unavailable");
  return answer.ok;
}

/**
 * A renewal that a page began and did not live to see may still bring its cookies. Whether it did shows only in that
 * they work; the old ones must not be sent again before that is clear.
 */
async function finishedElsewhere(): Promise<boolean> {
  while (Date.now() - Number(read(BEGUN)) < PATIENCE_MS) {
    if ((await fetch("/api/v1/auth/me")).ok) return true;
    await pause(150);
  }
  return false;
}

export function csrfToken(): string | null {
  const match = /(?:^|;\s*)pb_csrf=([^;]+)/.exec(document.cookie);
  return match?.[1] ? decodeURIComponent(match[1]) : null;
}

async function alone(work: () => Promise<boolean>): Promise<boolean> {
  if ("locks" in navigator) return await navigator.locks.request(LOCK, async () => await work());
  return withLease(work);
}

// navigator.locks exists in secure contexts only; over plain http a lease in local storage has to do.
async function withLease(work: () => Promise<boolean>): Promise<boolean> {
  const mine = `${Math.random()}`;
  for (;;) {
    const [, until] = (read(LOCK) ?? "").split("|");
    if (!until || Number(until) < Date.now()) {
      write(LOCK, `${mine}|${Date.now() + LEASE_MS}`);
      await pause(40);
      if (read(LOCK)?.startsWith(mine) ?? true) break;
    }
    await pause(60 + Math.random() * 60);
  }
  return work().finally(() => write(LOCK, ""));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage each tab is on its own; the lock above still orders them.
  }
}
