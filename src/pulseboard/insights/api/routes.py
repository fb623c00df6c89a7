"""Reads of API calls over HTTP."""

from collections import Counter
from functools import partial
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter, SkipValidation

from pulseboard.errors import Invalid
from pulseboard.insights import parse
from pulseboard.insights.api.calls import SORTS, Calls, Sort, measure
from pulseboard.insights.api.schemas import (
    ApiOverviewOut,
    ApiTimeseriesOut,
    ApiUsageOut,
    CallsPointOut,
    ConsumerOut,
    ConsumersOut,
    EndpointOut,
    EndpointsOut,
    HeatmapOut,
    HeatmapRowOut,
    StatusesOut,
    StatusOut,
)
from pulseboard.insights.api.sql import render_heatmap, render_statuses
from pulseboard.insights.api.usage import Usage, Used
from pulseboard.insights.buckets import moment
from pulseboard.insights.catalog import NOT_SET
from pulseboard.insights.parameters import FRAME, AskedFrame, AskedMeta, AskedProject, AskedStore, Interval, Top
from pulseboard.insights.parse import Frame
from pulseboard.insights.plan import Plan, plan
from pulseboard.insights.query import Grain, Query
from pulseboard.insights.schemas import PointOut, SeriesOut
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.store import Row

# In milliseconds: three steps for each power of ten, which the eye reads as even.
EDGES = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4)

Threshold = Annotated[
    float,
    QueryParameter(
        name="threshold",
        gt=0,
        le=3_600_000,
        description="Apdex's T: milliseconds up to which a call satisfies; up to four times as many it is tolerable.",
    ),
]
Sorted = Annotated[
    str,
    QueryParameter(
        name="sort",
        schema_extra={"enum": list(SORTS)},
        description="Which come first: most calls, slowest (p95), most failed with 500 or more, or worst Apdex.",
    ),
]

_get = partial(get, tags=["API monitoring"], sync_to_thread=True, dependencies=FRAME)


@_get("/api/v1/api-usage/overview")
def api_overview(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    project: AskedProject,
    usage: Given[SkipValidation[Usage]],
    clock: Given[Clock],
    threshold: Threshold = 500.0,
) -> ApiOverviewOut:
    """Calls, how long they took and how many failed; and what the organisation has used of its plan."""
    found = measure(store, Calls(frame, threshold))
    used = _used(usage(project.org_id, clock()))
    return ApiOverviewOut(**_calls(found.rows[0]), percentiles_exact=found.exact, usage=used, meta=meta)


@_get("/api/v1/api-usage/endpoints")
def api_endpoints(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    sort: Sorted = "calls",
    threshold: Threshold = 500.0,
    limit: Top = 50,
) -> EndpointsOut:
    """The most used, slowest, most failing or least satisfying endpoints."""
    found = measure(store, Calls(frame, threshold, ("method", "endpoint"), sort=_sort(sort), limit=limit))
    items = [EndpointOut(method=row["by_method"], endpoint=row["by_endpoint"], **_calls(row)) for row in found.rows]
    return EndpointsOut(items, found.exact, meta)


@_get("/api/v1/api-usage/consumers")
def api_consumers(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    sort: Sorted = "calls",
    threshold: Threshold = 500.0,
    limit: Top = 50,
) -> ConsumersOut:
    """Who calls most, waits longest, fails most or is served worst."""
    found = measure(store, Calls(frame, threshold, ("consumer",), sort=_sort(sort), limit=limit))
    items = [ConsumerOut(consumer=row["by_consumer"], **_calls(row)) for row in found.rows]
    return ConsumersOut(items, found.exact, meta)


@_get("/api/v1/api-usage/timeseries")
def api_timeseries(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    interval: Interval = None,
    threshold: Threshold = 500.0,
) -> ApiTimeseriesOut:
    """The same numbers bucket by bucket. Buckets without calls are there, too."""
    grain, starts = _buckets(frame, interval)
    found = measure(store, Calls(frame, threshold, ("start",), starts, limit=len(starts)))
    rows = {row["by_start"]: row for row in found.rows}
    points = [CallsPointOut(t=_time(start), **_calls(rows.get(start, _NO_CALLS))) for start in starts]
    return ApiTimeseriesOut(grain, points, found.exact, meta)


@_get("/api/v1/api-usage/statuses")
def api_statuses(store: AskedStore, frame: AskedFrame, meta: AskedMeta, interval: Interval = None) -> StatusesOut:
    """How calls ended: by class of status over time, and by status."""
    grain, starts = _buckets(frame, interval)
    statement = render_statuses(frame, starts)
    rows = store.read(statement.sql, statement.params, frame.scope)
    cells: dict[str, Counter[int]] = {}
    codes: Counter[int] = Counter()
    for row in rows:
        cells.setdefault(_status_class(row["status"]), Counter())[row["by_start"]] += row["calls"]
        codes[row["status"]] += row["calls"]
    series = [
        SeriesOut(label, counts.total(), [PointOut(_time(start), counts[start]) for start in starts])
        for label, counts in sorted(cells.items(), key=lambda cell: (cell[0] == NOT_SET, cell[0]))
    ]
    items = [StatusOut(status or None, calls) for status, calls in codes.most_common()]
    return StatusesOut(grain, series, items, meta)


@_get("/api/v1/api-usage/heatmap")
def api_heatmap(store: AskedStore, frame: AskedFrame, meta: AskedMeta, interval: Interval = None) -> HeatmapOut:
    """How long calls took over time: calls by bucket of time and of duration. Calls without a duration are left out."""
    grain, starts = _buckets(frame, interval)
    statement = render_heatmap(frame, starts, EDGES)
    cells = Counter[tuple[int, float]]()
    for row in store.read(statement.sql, statement.params, frame.scope):
        cells[row["by_start"], row["edge"]] = row["calls"]
    rows = [HeatmapRowOut(_time(start), [cells[start, edge] for edge in EDGES]) for start in starts]
    return HeatmapOut(grain, list(EDGES), rows, meta)


routes = [api_overview, api_endpoints, api_consumers, api_timeseries, api_statuses, api_heatmap]

_NO_CALLS: Row = {"calls": 0, "average": None, "percentiles": [None] * 4, "failed_4xx": 0, "failed_5xx": 0}


def _calls(row: Row) -> dict[str, Any]:
    calls, p = row["calls"], row["percentiles"]
    rate4xx, rate5xx = ((row[key] / calls if calls else 0.0) for key in ("failed_4xx", "failed_5xx"))
    return {
        "calls": calls,
        "avg_response_time_ms": row["average"],
        **dict(zip(("p50", "p90", "p95", "p99"), p, strict=True)),
        "error_rate": rate5xx,
        "error_rate_4xx": rate4xx,
        "error_rate_5xx": rate5xx,
        "apdex": row.get("apdex"),
    }


def _sort(word: str) -> Sort:
    for sort in SORTS:
        if word == sort:
            return sort
    raise Invalid.field("sort", f"must be one of {', '.join(SORTS)}")


def _buckets(frame: Frame, interval: str | None) -> tuple[Grain, tuple[int, ...]]:
    grain = "auto" if interval is None else parse.parse_grain("interval", interval)
    made: Plan = plan(Query(frame.scope, frame.period, ("events",), timezone=frame.timezone, grain=grain))
    if made.grain is None:
        raise ValueError("a series needs a grain")
    return made.grain, made.starts


def _status_class(status: int) -> str:
    return f"{status // 100}xx" if status else NOT_SET


def _time(since_1970: int) -> str:
    return rfc3339(moment(since_1970))


def _used(found: Used) -> ApiUsageOut:
    return ApiUsageOut(found.used, found.limit, rfc3339(found.resets_at))
