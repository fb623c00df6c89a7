import { Card } from "@/components/Card";
import { count } from "@/lib/format";
import type { LiveState } from "@/live/store";

/** Three figures, and the last minute as a bar per second. */
export function LiveCounters({ live }: { live: LiveState }) {
  const { counters, perSecond } = live;
  return (
    <Card className="grid grid-cols-3 overflow-hidden lg:grid-cols-[repeat(3,11rem)_1fr]">
      <Figure label="Per second" value={counters?.events} />
      <Figure label="Last minute" value={counters?.eventsLastMinute} />
      <Figure label="Active users" note="5 min" value={counters?.activeUsers} />
      <Heartbeat perSecond={perSecond} />
    </Card>
  );
}

function Figure({ label, note, value }: { label: string; note?: string; value: number | undefined }) {
  return (
    <div className="border-r border-line px-4 py-3.5 max-lg:nth-3:border-r-0 sm:px-5">
      <p className="truncate text-ink-soft">
        {label} {note ? <span className="text-ink-faint max-sm:hidden">{note}</span> : null}
      </p>
      <p className="mt-0.5 text-[1.85rem] leading-tight font-semibold tracking-[-0.025em] tabular-nums">
        {value === undefined ? <span className="text-line-strong">–</span> : count(value)}
      </p>
    </div>
  );
}

const WIDTH = 8;
const HEIGHT = 56;

function Heartbeat({ perSecond }: { perSecond: readonly number[] }) {
  const most = Math.max(4, ...perSecond);
  return (
    <div className="col-span-3 flex items-end border-line px-4 py-3 max-lg:border-t lg:col-span-1 lg:px-5">
      <svg
        viewBox={`0 0 ${perSecond.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full"
        role="img"
        aria-label={`Events per second over the last minute, ${Math.max(...perSecond)} at most`}
      >
        {perSecond.map((value, index) => {
          const height = value === 0 ? 2 : 4 + (value / most) * (HEIGHT - 4);
          return (
            <rect
              key={index}
              x={index * WIDTH + 1}
              y={HEIGHT - height}
              width={WIDTH - 2.5}
              height={height}
              rx="1.5"
              className={value === 0 ? "fill-line" : "fill-accent"}
              opacity={value === 0 ? 1 : 0.35 + (0.65 * (index + 1)) / perSecond.length}
            />
          );
        })}
      </svg>
    </div>
  );
}
