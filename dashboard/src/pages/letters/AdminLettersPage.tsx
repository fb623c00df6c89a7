import { PageHead } from "@/components/Card";
import { ZoneNote } from "@/components/ZoneNote";
import { browserZone } from "@/lib/time";
import { LettersCard } from "./LettersCard";
import { WaitingCard } from "./WaitingCard";

/** For who runs the server: what waits to be stored, and what no try could store. */
export function AdminLettersPage() {
  const zone = browserZone();
  return (
    <>
      <PageHead
        title="Dead letters"
        note={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>Accepted events of all projects that no try could store, each kept as it came.</span>
            <ZoneNote zone={zone} />
          </span>
        }
      />
      <div className="space-y-4">
        <WaitingCard />
        <LettersCard whose={null} zone={zone} />
      </div>
    </>
  );
}
