import { renew } from "@/api/refresh";
import { type Counters, type LiveEvent, readMessage } from "./message";

export type LiveStatus = "connecting" | "open" | "waiting" | "signed-out" | "missing";

export interface LiveState {
  status: LiveStatus;
  /** Newest first, at most KEPT. */
  events: readonly LiveEvent[];
  /** Events that came over the socket since it was first opened. */
  received: number;
  counters: Counters | null;
  /** Events in each of the last SECONDS seconds, oldest first. */
  perSecond: readonly number[];
}

export interface LiveStore {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => LiveState;
  /** Mixes in events that were read from the list, as the first fill or after a gap. */
  fill: (events: readonly LiveEvent[]) => void;
  clear: () => void;
  start: () => () => void;
}

export const KEPT = 500;
export const SECONDS = 60;
// Screens need no more than five pictures a second, however many events come.
const FLUSH_MS = 200;
const NO_TOKEN = JSON.stringify({ type: "auth", token: "" });
const LONGEST_WAIT_MS = 15_000;

export const quiet: LiveState = {
  status: "connecting",
  events: [],
  received: 0,
  counters: null,
  perSecond: Array.from({ length: SECONDS }, () => 0),
};

const streamed = new WeakSet<LiveEvent>();

/** Whether an event came over the socket while somebody was looking, not from the list of old ones. */
export function cameLive(event: LiveEvent): boolean {
  return streamed.has(event);
}

/** Merges two lists into one, newest first by time of arrival, each id once. */
export function merge(fresh: readonly LiveEvent[], known: readonly LiveEvent[]): LiveEvent[] {
  const seen = new Set<string>();
  return [...fresh, ...known]
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : a.receivedAt > b.receivedAt ? -1 : 0))
    .slice(0, KEPT);
}

/** How long to wait before try number `tries` (from 0): doubles from half a second, with jitter. */
export function backoff(tries: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries) * (0.75 + random / 2);
}

/** The stream of one project: a socket that comes back by itself, and the state that pages draw. */
export function makeLive(projectId: string): LiveStore {
  let state = quiet;
  let pending: LiveEvent[] = [];
  const listeners = new Set<() => void>();

  function set(change: Partial<LiveState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  }

  function flush(): void {
    const fresh = pending.reverse();
    pending = [];
    set({ events: merge(fresh, state.events), received: state.received + fresh.length });
  }

  function hear(frame: unknown): void {
    const message = readMessage(frame);
    if (message?.type === "event") {
      streamed.add(message.event);
      if (pending.push(message.event) === 1) setTimeout(flush, FLUSH_MS);
    } else if (message) {
      set({ counters: message, perSecond: [...state.perSecond.slice(1), message.events] });
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => state,
    fill: (events) => set({ events: merge(events, state.events) }),
    clear: () => set({ events: [] }),
    start: () => connect(projectId, hear, (status) => status !== state.status && set({ status })),
  };
}

function connect(
  projectId: string,
  hear: (frame: unknown) => void,
  tell: (status: LiveStatus) => void,
): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let stopped = false;

  function open(): void {
    clearTimeout(timer);
    const since = Date.now();
    socket = new WebSocket(address(projectId));
    // Without a valid cookie the server would wait for a token in the first message. Scripts have none: it may say so now.
    socket.onopen = ({ target }) => (target as WebSocket).send(NO_TOKEN);
    socket.onmessage = ({ data }) => {
      tries = 0;
      tell("open");
      hear(data);
    };
    socket.onclose = ({ code }) => {
      if (!stopped) void closed(code, since);
    };
  }

  async function closed(code: number, since: number): Promise<void> {
    if (code === 4404) return giveUp("missing");
    // The access cookie lives for minutes and a socket is authorized when it opens: renew, then come back.
    const signedIn = code !== 4401 || (await renew(since).catch(() => true));
    if (stopped) return;
    if (!signedIn) return giveUp("signed-out");
    tell("waiting");
    timer = setTimeout(open, backoff(tries++));
  }

  function giveUp(status: LiveStatus): void {
    stopped = true;
    tell(status);
  }

  function hurry(): void {
    if (document.visibilityState === "visible" && socket?.readyState === WebSocket.CLOSED && !stopped) open();
  }

  open();
  document.addEventListener("visibilitychange", hurry);
  addEventListener("online", hurry);
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", hurry);
    removeEventListener("online", hurry);
    socket?.close();
  };
}

function address(projectId: string): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/api/v1/live/${encodeURIComponent(projectId)}`;
}
