import { useSyncExternalStore } from "react";
import type { NewApiKey } from "@/api/types";

/**
 * The key that was just made, while it can still be seen. It lives in memory only: the server keeps no more than its
 * hash, and neither the address bar nor the browser's storage is a place for a secret.
 */
export type FreshKey = NewApiKey & { key: string };

interface Fresh {
  projectId: string;
  key: FreshKey;
}

let fresh: Fresh | null = null;
const listeners = new Set<() => void>();

export function keepFreshKey(projectId: string, made: NewApiKey): void {
  if (made.key === null) return; // an answer that was given before: its secret is not kept
  fresh = { projectId, key: { ...made, key: made.key } };
  for (const listener of listeners) listener();
}

export function dropFreshKey(): void {
  fresh = null;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useFreshKey(projectId: string): FreshKey | null {
  const held = useSyncExternalStore(subscribe, () => fresh);
  return held?.projectId === projectId ? held.key : null;
}
