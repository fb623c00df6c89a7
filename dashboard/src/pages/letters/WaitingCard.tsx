import { useQuery } from "@tanstack/react-query";
import { backlogQuery } from "@/api/letters";
import { Card } from "@/components/Card";
import { LoadFailure } from "@/components/Notice";
import { lagText } from "@/lib/completeness";
import { bytes, count, fullCount } from "@/lib/format";

const RENEW_MS = 2_000;
/** Seconds; events show within five. */
const USUAL = 5;

/** What waits in the queue of the whole server. */
export function WaitingCard() {
  const { data, error, refetch } = useQuery({ ...backlogQuery, refetchInterval: RENEW_MS });
  if (error && !data)
    return (
      <Card>
        <LoadFailure error={error} onRetry={() => void refetch()} />
      </Card>
    );
  const late = (data?.lagSeconds ?? 0) > USUAL;
  return (
    <Card className="grid grid-cols-1 divide-line max-sm:divide-y sm:grid-cols-3 sm:divide-x">
      <Tile
        label="Waiting to be stored"
        value={data && count(data.events)}
        title={data && fullCount(data.events)}
        note="events of everybody"
      />
      <Tile label="On disk meanwhile" value={data && bytes(data.bytes)} note="in the queue's file" />
      <Tile
        label="The oldest waits"
        value={data && (data.oldestReceivedAt ? lagText(data.lagSeconds) : "–")}
        note={late ? "the writer is behind, or the store does not answer" : "a second is usual"}
        bad={late}
      />
    </Card>
  );
}

interface TileProps {
  label: string;
  value: string | undefined;
  title?: string | undefined;
  note: string;
  bad?: boolean;
}

function Tile({ label, value, title, note, bad = false }: TileProps) {
  return (
    <div className="px-4 py-3 max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:items-baseline sm:px-5 sm:py-3.5">
      <p className="text-ink-soft">{label}</p>
      {value === undefined ? (
        <div className="skeleton mt-2 mb-5 h-7 w-24" role="status" aria-label={`Loading ${label}`} />
      ) : (
        <>
          <p
            className={`text-[1.3rem] leading-tight font-semibold tracking-[-0.025em] tabular-nums sm:mt-0.5 sm:text-[1.85rem] ${bad ? "text-bad" : ""}`}
            title={title}
          >
            {value}
          </p>
          <p className="mt-0.5 text-[0.93rem] text-ink-faint max-sm:col-span-2">{note}</p>
        </>
      )}
    </div>
  );
}
