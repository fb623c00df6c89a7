"""Reads over HTTP: every handler makes queries of its parameters, runs them, and writes the answer down."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from litestar import get
from msgspec import structs

from pulseboard.insights import catalog, listing, parse, run
from pulseboard.insights.api import routes as api_routes
from pulseboard.insights.buckets import day_start, moment
from pulseboard.insights.parameters import (
    FRAME,
    LISTING,
    SELECTION,
    AskedFrame,
    AskedMeta,
    AskedStore,
    Breakdown,
    CalendarInterval,
    EventName,
    Interval,
    OneEvent,
    PageCursor,
    PageSize,
    Top,
)
from pulseboard.insights.parse import Frame
from pulseboard.insights.product.routes import routes as product_routes
from pulseboard.insights.properties import routes as property_routes
from pulseboard.insights.query import Grain, Listing, Period, Query
from pulseboard.insights.schemas import (
    CountOut,
    EventsOut,
    MetricOut,
    NameCountOut,
    OverviewOut,
    PointOut,
    SeriesOut,
    SummaryOut,
    TimelineOut,
    TimelinePointOut,
    TimeseriesOut,
    TopErrorOut,
    TopErrorsOut,
    TotalsOut,
    TypeCountOut,
    TypeCountsOut,
)
from pulseboard.insights.trend_routes import routes as trend_routes
from pulseboard.insights.web import routes as web_routes
from pulseboard.kit.clock import rfc3339

CALENDAR: tuple[Grain, ...] = ("day", "week", "month")
ALL_EVENTS = "All events"
_TOTALS = ("events", "errors", "users", "sessions")

_get = partial(get, tags=["insights"], sync_to_thread=True)


@_get("/api/v1/metrics/overview", dependencies=FRAME)
def overview(store: AskedStore, frame: AskedFrame, meta: AskedMeta) -> OverviewOut:
    """The totals of a period, and of the period of equal length before it."""
    now, before = run.compared(store, _query(frame, *_TOTALS))
    previous = None if before is None else _totals(before)
    return OverviewOut(**structs.asdict(_totals(now)), previous=previous, meta=meta)


@_get("/api/v1/metrics/events/timeseries", dependencies=SELECTION)
def timeseries(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    interval: Interval = None,
    breakdown: Breakdown = None,
    name: EventName = None,
) -> TimeseriesOut:
    """Counts of events bucket by bucket, whole or by the values of a property. Buckets without events are 0."""
    by = () if breakdown is None else (parse.parse_dimension("breakdown", breakdown),)
    query = replace(_query(frame, "events"), grain=_grain(interval), dimensions=by)
    chart = run.chart(store, query, name or ALL_EVENTS)
    series = [SeriesOut(line.label, line.total, _points(chart.starts, line.values)) for line in chart.lines]
    return TimeseriesOut(chart.grain, series, meta)


@_get("/api/v1/metrics/errors/top", dependencies=FRAME)
def top_errors(store: AskedStore, frame: AskedFrame, meta: AskedMeta, limit: Top = 50) -> TopErrorsOut:
    """The most frequent errors by name."""
    query = _query(frame, "events", "users", "first_seen", "last_seen")
    rows = run.groups(store, replace(query, segment="errors", dimensions=(catalog.NAME,), limit=limit))
    items = [
        TopErrorOut(row["label_0"], row["events"], row["users"], _time(row["first_seen"]), _time(row["last_seen"]))
        for row in rows
    ]
    return TopErrorsOut(items, meta)


@_get("/api/v1/metrics", dependencies=FRAME)
def metric(
    store: AskedStore, frame: AskedFrame, meta: AskedMeta, event: OneEvent = None, interval: Interval = None
) -> MetricOut:
    """The count, users and course of one event, or of all."""
    named = () if event is None else (parse.name_filter("event", event),)
    chosen = replace(frame, filters=(*named, *frame.filters))
    (whole,) = run.totals(store, _query(chosen, "users"))
    chart = run.chart(store, replace(_query(chosen, "events"), grain=_grain(interval)))
    (line,) = chart.lines
    return MetricOut(event, line.total, whole["users"], chart.grain, _points(chart.starts, line.values), meta)


@_get("/api/v1/analytics/events/count", dependencies=SELECTION)
def count_events(store: AskedStore, frame: AskedFrame, meta: AskedMeta) -> CountOut:
    """How many events there were."""
    (whole,) = run.totals(store, _query(frame, "events"))
    return CountOut(whole["events"], meta)


@_get("/api/v1/analytics/events/by-type", dependencies=SELECTION)
def events_by_type(store: AskedStore, frame: AskedFrame, meta: AskedMeta, limit: Top = 1_000) -> TypeCountsOut:
    """How many events there were of each type; well-known types are one however their case was sent."""
    rows = run.groups(store, replace(_query(frame, "events"), dimensions=(catalog.TYPE,), limit=limit))
    return TypeCountsOut([TypeCountOut(row["label_0"], row["events"]) for row in rows], meta)


@_get("/api/v1/analytics/events/timeline", dependencies=SELECTION)
def events_timeline(
    store: AskedStore, frame: AskedFrame, meta: AskedMeta, interval: CalendarInterval = "day"
) -> TimelineOut:
    """How many events there were each day, week or month."""
    grain = parse.parse_grain("interval", interval, CALENDAR)
    chart = run.chart(store, replace(_query(frame, "events"), grain=grain))
    (line,) = chart.lines
    points = [TimelinePointOut(_time(t), count) for t, count in zip(chart.starts, line.values, strict=True)]
    return TimelineOut(chart.grain, points, meta)


@_get("/api/v1/dashboard/summary", dependencies=FRAME)
def summary(store: AskedStore, frame: AskedFrame, meta: AskedMeta) -> SummaryOut:
    """What a front page shows: totals, active users, the most frequent events."""
    (whole,) = run.totals(store, _query(frame, *_TOTALS))
    month, week, day = _active_periods(frame)
    actives = run.totals(store, replace(_query(frame, "users"), period=month, also=(week, day)))
    mau, wau, dau = (active["users"] for active in actives)
    rows = run.groups(store, replace(_query(frame, "events"), dimensions=(catalog.NAME,), limit=10))
    top = [NameCountOut(row["label_0"], row["events"]) for row in rows]
    return SummaryOut(_totals(whole), dau, wau, mau, top, [], meta)


@_get("/api/v1/events", dependencies=LISTING)
def list_events(
    store: AskedStore, frame: AskedFrame, meta: AskedMeta, limit: PageSize = 50, cursor: PageCursor = None
) -> EventsOut:
    """Stored events, newest first."""
    before = None if cursor is None else listing.read_cursor(cursor)
    items, following = listing.events(store, Listing(frame.scope, frame.period, limit, frame.filters, before))
    return EventsOut(items, None, following, meta)


routes = [
    overview,
    timeseries,
    top_errors,
    metric,
    count_events,
    events_by_type,
    events_timeline,
    summary,
    list_events,
    *trend_routes,
    *property_routes,
    *web_routes,
    *api_routes,
    *product_routes,
]


def _query(frame: Frame, *metrics: str) -> Query:
    return Query(frame.scope, frame.period, metrics, timezone=frame.timezone, filters=frame.filters)


def _grain(interval: str | None) -> Grain | Literal["auto"]:
    return "auto" if interval is None else parse.parse_grain("interval", interval)


def _totals(found: run.Totals) -> TotalsOut:
    events, errors = found["events"], found["errors"]
    return TotalsOut(events, errors, errors / events if events else 0.0, found["users"], found["sessions"])


def _time(since_1970: int) -> str:
    return rfc3339(moment(since_1970))


def _points(starts: tuple[int, ...], values: tuple[int, ...]) -> list[PointOut]:
    return [PointOut(_time(t), value) for t, value in zip(starts, values, strict=True)]


def _active_periods(frame: Frame) -> list[Period]:
    """The 30, 7 and 1 calendar days that end with the day of the last instant before the period's end."""
    zone = ZoneInfo(frame.timezone)
    today = (frame.period.until - timedelta(milliseconds=1)).astimezone(zone).date()
    end = day_start(today + timedelta(days=1), zone)
    starts = (day_start(today - timedelta(days=days - 1), zone) for days in (30, 7, 1))
    return [Period(max(start, parse.FIRST), end) for start in starts]
