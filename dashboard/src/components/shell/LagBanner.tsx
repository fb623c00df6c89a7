import { useQuery } from "@tanstack/react-query";
import { backlogQuery } from "@/api/letters";
import { lagText } from "@/lib/completeness";
import { Icon } from "../icons";

const LOOK_MS = 15_000;
/** Seconds; what waits for less is on its way. */
const WORTH_A_BANNER = 30;

/** Says that what was accepted waits to be stored, so that nobody takes a gap for silence. */
export function LagBanner() {
  const { data } = useQuery({ ...backlogQuery, refetchInterval: LOOK_MS, retry: false });
  if (!data || data.lagSeconds < WORTH_A_BANNER) return null;
  return (
    <div
      role="status"
      className="mb-5 flex animate-appear items-start gap-2.5 rounded-lg bg-warn-soft px-3.5 py-2.5 text-warn"
    >
      <Icon name="warning" className="mt-0.5 size-4" />
      <span>
        Events are accepted and kept, and reach the numbers late: the oldest has waited for{" "}
        {lagText(data.lagSeconds)}.
      </span>
    </div>
  );
}
