import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ingestionQuery, type View } from "@/api/queries";
import { Card, PageHead } from "@/components/Card";
import { LagNote } from "@/components/LagNote";
import { LoadFailure } from "@/components/Notice";
import { RangePicker } from "@/components/RangePicker";
import { ZoneNote } from "@/components/ZoneNote";
import { rememberedRange } from "@/lib/pick";
import { useProject } from "@/lib/project";
import type { RangeText } from "@/lib/range";
import { remember } from "@/lib/storage";
import { ArrivalsCard } from "./ArrivalsCard";
import { Figures } from "./Figures";
import { QuotaCard } from "./QuotaCard";
import { ReasonsCard } from "./ReasonsCard";
import { SourcesCard } from "./SourcesCard";
import { WordNotices } from "./WordNotices";

const route = getRouteApi("/signed-in/p/$projectId/ingestion");
const RENEW_MS = 5_000;

/** What comes to the project: how much, from whom, and what was refused and why. */
export function IngestionPage() {
  const project = useProject();
  const navigate = route.useNavigate();
  const range = route.useSearch().range ?? rememberedRange();
  const view: View = { projectId: project.id, range, zone: project.timezone };
  const query = useQuery({
    ...ingestionQuery(view),
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS,
  });
  const { data, error, refetch, isPlaceholderData } = query;
  const show = (next: RangeText) => {
    remember("range", next);
    void navigate({ search: { range: next } });
  };
  return (
    <>
      <PageHead
        title="Ingestion"
        note={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>What comes in, from whom, and what is refused.</span>
            <ZoneNote zone={project.timezone} />
            <LagNote meta={data?.meta} />
          </span>
        }
      >
        <RangePicker range={range} zone={project.timezone} onChange={show} />
      </PageHead>
      {error && !data ? (
        <Card>
          <LoadFailure error={error} onRetry={() => void refetch()} />
        </Card>
      ) : (
        <div className={`space-y-4 transition-opacity ${isPlaceholderData ? "opacity-60" : ""}`}>
          <WordNotices notices={data?.notices ?? []} />
          <Figures totals={data?.totals} />
          <ArrivalsCard found={data} zone={project.timezone} />
          <SourcesCard sources={data?.sources} zone={project.timezone} />
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <ReasonsCard refused={data?.refused} warnings={data?.warnings} zone={project.timezone} />
            <QuotaCard orgId={project.orgId} />
          </div>
        </div>
      )}
    </>
  );
}
