import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { numbersKey } from "@/api/queries";
import { useLive } from "@/live/LiveContext";

const AFTER_EVENT_MS = 1_200;
const QUIET_MS = 30_000;
const BLIND_MS = 10_000;

/** Renews the overview shortly after an event arrived, and now and then when the stream is silent or gone. */
export function useFreshNumbers(projectId: string): void {
  const queries = useQueryClient();
  const { received, status } = useLive();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (received === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      // A read that is still under way is left alone: a busy stream must not starve a slow answer.
      void queries.invalidateQueries({ queryKey: numbersKey(projectId) }, { cancelRefetch: false });
    }, AFTER_EVENT_MS);
  }, [received, projectId, queries]);

  useEffect(() => {
    const every = setInterval(
      () => {
        if (document.visibilityState === "visible")
          void queries.invalidateQueries({ queryKey: numbersKey(projectId) }, { cancelRefetch: false });
      },
      status === "open" ? QUIET_MS : BLIND_MS,
    );
    return () => clearInterval(every);
  }, [status, projectId, queries]);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
