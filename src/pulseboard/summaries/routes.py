"""Summaries over HTTP."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import dropwhile
from typing import Annotated, TypeAlias

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter, SkipValidation

from pulseboard.errors import Invalid
from pulseboard.insights import FIRST, LAST, Period, Watermark, day_start, meta_of, touched_hours
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.ledger import Ledger
from pulseboard.projects import ProjectView
from pulseboard.store import Store
from pulseboard.summaries.figures import METRICS, Metric, Of, of_project
from pulseboard.summaries.kept import Figures
from pulseboard.summaries.periods import PERIOD_TYPES, PeriodType, end_of, starts
from pulseboard.summaries.read import Reader
from pulseboard.summaries.schemas import SummariesOut, SummaryItemOut

# How far back a list goes that does not say: a month of days, a quarter and more of weeks, a year and more of months.
USUAL: dict[PeriodType, timedelta] = {
    "daily": timedelta(days=30),
    "weekly": timedelta(days=26 * 7),
    "monthly": timedelta(days=2 * 366),
}

KeptSince = Callable[[str], date | None]
AskedProject: TypeAlias = Given[SkipValidation[ProjectView]]
AskedMetric = Annotated[
    str, QueryParameter(name="metric", schema_extra={"enum": list(METRICS)}, description="What is summed up.")
]
AskedType = Annotated[
    str,
    QueryParameter(
        name="periodType",
        schema_extra={"enum": list(PERIOD_TYPES)},
        description="Which periods; weeks start on Monday. They are cut in the project's time zone.",
    ),
]
StartDate = Annotated[
    str | None,
    QueryParameter(
        name="startDate",
        schema_extra={"format": "date"},
        description="Periods that begin on this date or later. When left out, the last 30 days, half a year of weeks, "
        "or two years of months.",
    ),
]
PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=1_000, description="How many to return at most.")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`nextCursor` of the page before.")]


@get("/api/v1/summaries", tags=["insights"], sync_to_thread=True)
def list_summaries(
    project: AskedProject,
    metric: AskedMetric,
    period_type: AskedType,
    figures: Given[SkipValidation[Figures]],
    store: Given[SkipValidation[Store]],
    ledger: Given[SkipValidation[Ledger]],
    clock: Given[Clock],
    watermark: Given[Watermark],
    kept_since: Given[KeptSince],
    start_date: StartDate = None,
    limit: PageSize = 100,
    cursor: PageCursor = None,
) -> SummariesOut:
    """A figure of each day, week or month up to the one that runs, in order; those without events are 0."""
    wanted, of = _metric(metric), of_project(project, _type(period_type))
    now, through = clock(), watermark()  # before anything is read, so that what is promised is in the answer
    listed = _listed(of, now, start_date)
    after = None if cursor is None else _date("cursor", cursor)
    rest = listed if after is None else list(dropwhile(lambda start: start <= after, listed))
    page = rest[:limit]
    answer = Reader(figures, store, ledger, now, through, kept_since(project.id)).values(of, wanted, page)
    came = ledger.total(of.project_id, *touched_hours(_period(of, page, now)))
    return SummariesOut(
        items=_items(of, wanted, answer.values),
        total=len(listed),
        next_cursor=page[-1].isoformat() if len(rest) > limit else None,
        meta=meta_of(now, answer.through, came),
    )


routes = [list_summaries]


def _metric(word: str) -> Metric:
    for metric in METRICS:
        if word == metric:
            return metric
    raise Invalid.field("metric", f"must be one of {', '.join(METRICS)}")


def _type(word: str) -> PeriodType:
    for type in PERIOD_TYPES:
        if word == type:
            return type
    raise Invalid.field("periodType", f"must be one of {', '.join(PERIOD_TYPES)}")


def _listed(of: Of, now: datetime, start_date: str | None) -> list[date]:
    first = (now - USUAL[of.type]).astimezone(of.zone).date() if start_date is None else _date("startDate", start_date)
    return [start for start in starts(of.type, of.zone, day_start(first, of.zone), now + _MOMENT) if start >= first]


_MOMENT = timedelta(milliseconds=1)


def _date(path: str, text: str) -> date:
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-01-15") else None
    except ValueError:
        found = None
    if found is None:
        raise Invalid.field(path, "must be a date such as 2026-01-15")
    if not FIRST.date() <= found <= LAST.date():
        raise Invalid.field(path, f"must lie between {FIRST.year} and {LAST.year}")
    return found


def _period(of: Of, page: list[date], now: datetime) -> Period:
    if not page:
        return Period(now, now + _MOMENT)
    return Period(day_start(page[0], of.zone), end_of(of.type, of.zone, page[-1]))


def _items(of: Of, metric: Metric, values: dict[date, int]) -> list[SummaryItemOut]:
    begins = [day_start(start, of.zone) for start in values]
    ends = [*begins[1:], *(end_of(of.type, of.zone, start) for start in list(values)[-1:])]
    return [
        SummaryItemOut(metric, of.type, rfc3339(begin), rfc3339(end), value)
        for begin, end, value in zip(begins, ends, values.values(), strict=True)
    ]
