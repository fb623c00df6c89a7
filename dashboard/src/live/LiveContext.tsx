import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { type LiveState, type LiveStore, makeLive } from "./store";

const Live = createContext<LiveStore | null>(null);

/** Holds the socket of one project while any of its pages is open. Give it the project's id as `key`. */
export function LiveProvider({ projectId, children }: { projectId: string; children: ReactNode }) {
  const [store] = useState(() => makeLive(projectId));
  useEffect(() => store.start(), [store]);
  return <Live.Provider value={store}>{children}</Live.Provider>;
}

export function useLiveStore(): LiveStore {
  const store = useContext(Live);
  if (!store) throw new Error("outside of a project");
  return store;
}

export function useLive(): LiveState {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
