import { Link } from "@tanstack/react-router";
import type { IngestionSource } from "@/api/types";
import { buttonLook } from "@/components/Button";
import { Card, CardHead } from "@/components/Card";
import { ListSkeleton } from "@/components/RankList";
import { bytes, count, fullCount } from "@/lib/format";
import { useProject } from "@/lib/project";
import { pauseText, sourceName } from "@/lib/sources";
import { ago, momentText } from "@/lib/time";
import { useNow } from "@/lib/use-now";

interface Props {
  sources: readonly IngestionSource[] | undefined;
  zone: string;
}

export function SourcesCard({ sources, zone }: Props) {
  const { id: projectId } = useProject();
  return (
    <Card>
      <CardHead title="Sources">
        <Link to="/p/$projectId/keys" params={{ projectId }} className={buttonLook("quiet", true)}>
          Keys
        </Link>
      </CardHead>
      {!sources ? (
        <ListSkeleton rows={3} />
      ) : sources.length === 0 ? (
        <NoSource projectId={projectId} />
      ) : (
        <Sources sources={sources} zone={zone} />
      )}
    </Card>
  );
}

function NoSource({ projectId }: { projectId: string }) {
  return (
    <div className="flex flex-col items-center gap-4 px-5 pt-4 pb-8 text-center">
      <p className="text-ink-soft">Nothing came in this range, and there is no key that could send.</p>
      <Link to="/p/$projectId/keys" params={{ projectId }} className={buttonLook("primary")}>
        Make a key
      </Link>
    </div>
  );
}

const head = "px-2 py-1.5 font-medium text-ink-faint whitespace-nowrap";

function Sources({ sources, zone }: { sources: readonly IngestionSource[]; zone: string }) {
  const now = useNow(10_000);
  return (
    <div className="px-2 pb-2 sm:px-3">
      <table className="w-full">
        <thead className="text-[0.93rem]">
          <tr className="border-b border-line">
            <th scope="col" className={`${head} w-full text-left`}>
              Source
            </th>
            <th scope="col" className={`${head} text-right max-sm:hidden`}>
              Last received
            </th>
            <th scope="col" className={`${head} text-right`}>
              Accepted
            </th>
            <th scope="col" className={`${head} text-right max-md:hidden`}>
              Doubles
            </th>
            <th scope="col" className={`${head} text-right max-md:hidden`}>
              Late
            </th>
            <th scope="col" className={`${head} text-right`}>
              Refused
            </th>
            <th scope="col" className={`${head} text-right max-lg:hidden`}>
              Bytes
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sources.map((source) => (
            <SourceRow key={source.source} source={source} zone={zone} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cell = "px-2 py-2.5 pl-4 text-right align-top tabular-nums whitespace-nowrap";

function SourceRow({ source, zone, now }: { source: IngestionSource; zone: string; now: Date }) {
  const gone = source.status !== "active";
  const last = source.lastReceivedAt;
  const seen = last ? ago(last, now, zone) : "never";
  return (
    <tr className={gone ? "text-ink-faint" : ""}>
      <th scope="row" className="max-w-0 px-2 py-2.5 text-left align-top font-normal">
        <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="max-w-full truncate font-medium" title={sourceName(source)}>
            {sourceName(source)}
          </span>
          <Badge source={source} zone={zone} now={now} />
        </span>
        <span className="mt-0.5 flex flex-wrap gap-x-3 text-[0.93rem] text-ink-faint">
          {source.prefix ? <code className="font-mono">{source.prefix}…</code> : null}
          <span className="sm:hidden">Last {seen}</span>
          {source.longestPauseSeconds === null ? null : (
            <span title="Of the week up to its last arrival">
              Pauses up to {pauseText(source.longestPauseSeconds)}
            </span>
          )}
        </span>
      </th>
      <td className={`${cell} max-sm:hidden`} title={last ? momentText(last, zone) : undefined}>
        {seen}
      </td>
      <td className={`${cell} font-medium`} title={fullCount(source.accepted)}>
        {count(source.accepted)}
      </td>
      <td className={`${cell} max-md:hidden`}>{count(source.deduplicated)}</td>
      <td className={`${cell} max-md:hidden`}>{count(source.late)}</td>
      <td className={`${cell} ${source.refused > 0 ? "font-medium text-bad" : ""}`}>
        {count(source.refused)}
      </td>
      <td className={`${cell} max-lg:hidden`}>{bytes(source.bytes)}</td>
    </tr>
  );
}

const states: Record<IngestionSource["status"], string | null> = {
  active: null,
  revoked: "Revoked",
  expired: "Expired",
  deleted: "Deleted",
};

/** Whether a source still sends: silent means quiet for longer than twice its longest pause. */
function Badge({ source, zone, now }: { source: IngestionSource; zone: string; now: Date }) {
  const look =
    "rounded px-1.5 py-0.5 text-[0.86rem] leading-tight font-medium whitespace-nowrap animate-appear";
  if (source.silentSince)
    return (
      <span
        className={`${look} bg-warn-soft text-warn`}
        title={`Nothing since ${momentText(source.silentSince, zone)}; it usually pauses for ${pauseText(source.longestPauseSeconds ?? 0)} at most`}
      >
        Silent, last {ago(source.silentSince, now, zone)}
      </span>
    );
  const state = states[source.status];
  return state ? <span className={`${look} bg-line/70 text-ink-soft`}>{state}</span> : null;
}
