import { offsetText } from "@/lib/time";

/** In which time zone the times of a page are. */
export function ZoneNote({ zone }: { zone: string }) {
  const offset = offsetText(new Date(), zone);
  return (
    <span className="text-ink-faint">
      Times in {zone}
      {offset === zone ? null : ` (${offset})`}
    </span>
  );
}
