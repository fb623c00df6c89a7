import type { LiveEvent } from "./message";

/** Whether an event fits what was typed: every word must occur somewhere in it, case aside. */
export function fits(event: LiveEvent, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchable(event);
  return words.every((word) => text.includes(word));
}

export function wordsOf(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}

function searchable(event: LiveEvent): string {
  const { type, name, userId, anonymousId, sessionId, url, path, method, endpoint, statusCode, message, id } =
    event;
  const parts = [
    type,
    name,
    userId,
    anonymousId,
    sessionId,
    url,
    path,
    method,
    endpoint,
    statusCode,
    message,
    id,
  ];
  return parts
    .filter((part) => part !== null && part !== undefined)
    .join("\n")
    .toLowerCase();
}
