import type { StoredEvent } from "@/api/types";

/** One event as the stream and the list of events tell it. */
export type LiveEvent = StoredEvent;

export interface Counters {
  events: number;
  eventsLastMinute: number;
  activeUsers: number;
}

export type Message = { type: "event"; event: LiveEvent } | ({ type: "counters" } & Counters);

/** The message in a frame; null for a kind that this page does not know, so that a newer server may say more. */
export function readMessage(frame: unknown): Message | null {
  if (typeof frame !== "string") return null;
  const message = JSON.parse(frame) as { type?: unknown };
  return message.type === "event" || message.type === "counters" ? (message as Message) : null;
}
