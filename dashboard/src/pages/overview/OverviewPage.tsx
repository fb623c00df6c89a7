import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { eventsQuery, type Focus, overviewQuery, type View } from "@/api/queries";
import { PageHead } from "@/components/Card";
import { LagNote } from "@/components/LagNote";
import { ActiveNow } from "@/components/live/ActiveNow";
import { RangePicker } from "@/components/RangePicker";
import { ZoneNote } from "@/components/ZoneNote";
import { focusOf } from "@/lib/overview-search";
import { rememberedRange } from "@/lib/pick";
import { useProject } from "@/lib/project";
import type { RangeText } from "@/lib/range";
import { remember } from "@/lib/storage";
import { ChartCard } from "./ChartCard";
import { EmptyProject, EmptyRange } from "./EmptyStates";
import { FocusChip } from "./Notes";
import { TopErrorsCard } from "./TopErrorsCard";
import { TopEventsCard } from "./TopEventsCard";
import { TotalsStrip } from "./TotalsStrip";
import { useFreshNumbers } from "./useFreshNumbers";

const route = getRouteApi("/signed-in/p/$projectId/");

export function OverviewPage() {
  const project = useProject();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const range = search.range ?? rememberedRange();
  const focus = focusOf(search);
  const view: View = { projectId: project.id, range, zone: project.timezone, focus };
  const show = (next: RangeText) => {
    remember("range", next);
    void navigate({ search: { ...search, range: next } });
  };
  const narrow = (to: Focus | undefined) => {
    void navigate({ search: { range, ...(to ? { [to.property]: to.value } : {}) }, resetScroll: false });
  };
  useFreshNumbers(project.id);
  const totals = useQuery({ ...overviewQuery(view), placeholderData: keepPreviousData });
  const nothing = !focus && totals.data?.totalEvents === 0 && !totals.isPlaceholderData;
  const newest = useQuery({ ...eventsQuery(project.id, 1), enabled: nothing });
  const newestEvent = newest.data?.[0];

  return (
    <>
      <PageHead
        title="Overview"
        note={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <ActiveNow />
            <ZoneNote zone={project.timezone} />
            <LagNote meta={totals.data?.meta} />
            {focus ? <FocusChip focus={focus} onClear={() => narrow(undefined)} /> : null}
          </span>
        }
      >
        <RangePicker range={range} zone={project.timezone} onChange={show} />
      </PageHead>
      {nothing && newest.isSuccess && !newestEvent ? (
        <EmptyProject />
      ) : (
        <div className="space-y-4">
          {nothing && newestEvent ? <EmptyRange newest={newestEvent} onShow={show} /> : null}
          <TotalsStrip query={totals} />
          <ChartCard view={view} onShow={show} />
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
            <TopEventsCard view={view} onNarrow={narrow} />
            <TopErrorsCard view={view} />
          </div>
        </div>
      )}
    </>
  );
}
