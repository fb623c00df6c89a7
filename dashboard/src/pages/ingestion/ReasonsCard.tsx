import { Link } from "@tanstack/react-router";
import type { CountedReason } from "@/api/types";
import { Card, CardHead } from "@/components/Card";
import { Icon } from "@/components/icons";
import { ListSkeleton } from "@/components/RankList";
import { count, fullCount } from "@/lib/format";
import { useProject } from "@/lib/project";
import { reasonWords } from "@/lib/reasons";
import { ago, momentText } from "@/lib/time";
import { useMay } from "@/lib/use-may";
import { useNow } from "@/lib/use-now";

const UNSTORABLE = "unstorable";

interface Props {
  refused: readonly CountedReason[] | undefined;
  warnings: readonly CountedReason[] | undefined;
  zone: string;
}

export function ReasonsCard({ refused, warnings = [], zone }: Props) {
  return (
    <Card>
      <CardHead title="Refused" />
      {!refused ? (
        <ListSkeleton rows={3} />
      ) : refused.length === 0 ? (
        <p className="flex items-center gap-2.5 px-4 pt-1 pb-5 text-ink-soft sm:px-5">
          <Icon name="check" className="size-4 text-good" />
          Nothing was refused in this range.
        </p>
      ) : (
        <Reasons items={refused} zone={zone} tone="bg-bad-soft text-bad" />
      )}
      {warnings.length > 0 ? (
        <>
          <h3 className="border-t border-line px-4 pt-3 font-semibold sm:px-5">Stored with a warning</h3>
          <Reasons items={warnings} zone={zone} tone="bg-warn-soft text-warn" />
        </>
      ) : null}
    </Card>
  );
}

function Reasons({ items, zone, tone }: { items: readonly CountedReason[]; zone: string; tone: string }) {
  const now = useNow(60_000);
  const project = useProject();
  const mayLook = useMay("admin");
  return (
    <ul className="divide-y divide-line px-4 pb-2 sm:px-5">
      {items.map((item) => {
        const { title, what, todo } = reasonWords(item.reason);
        return (
          <li key={`${item.reason} ${item.detail}`} className="flex items-start gap-4 py-2.5">
            <div className="min-w-0 flex-1">
              <p className="flex min-w-0 flex-wrap items-center gap-x-2.5">
                <span className="font-medium">{title}</span>
                {item.detail ? (
                  <code className="max-w-full truncate font-mono text-[0.93rem] text-ink-soft">
                    {item.detail}
                  </code>
                ) : null}
                <span className="text-[0.93rem] text-ink-faint" title={momentText(item.lastHour, zone)}>
                  last {lastText(item.lastHour, now, zone)}
                </span>
              </p>
              <p className="text-ink-soft">
                {what} <span className="text-ink">{todo}</span>
                {item.reason === UNSTORABLE && mayLook ? (
                  <>
                    {" "}
                    <Link
                      to="/p/$projectId/dead-letters"
                      params={{ projectId: project.id }}
                      className="font-medium text-accent hover:underline"
                    >
                      Look at what is kept
                    </Link>
                  </>
                ) : null}
              </p>
            </div>
            <span
              title={fullCount(item.events)}
              className={`rounded-md px-2 py-0.5 font-semibold tabular-nums ${tone}`}
            >
              {count(item.events)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const HOUR_MS = 3_600_000;

/** Refusals are counted by the hour, so the last hour is as close as it gets. */
function lastText(hour: string, now: Date, zone: string): string {
  const age = now.getTime() - new Date(hour).getTime();
  return age < HOUR_MS ? "in this hour" : ago(hour, now, zone);
}
