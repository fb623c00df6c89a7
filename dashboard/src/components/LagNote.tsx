import type { Completeness } from "@/api/types";
import { isBehind, lagText } from "@/lib/completeness";

/** When the numbers are behind what was received, by how much. */
export function LagNote({ meta }: { meta: Completeness | undefined }) {
  if (!meta || !isBehind(meta)) return null;
  return <span className="text-warn">Numbers are {lagText(meta.lagSeconds)} behind</span>;
}
