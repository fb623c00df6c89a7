"""The figures of periods, out of the events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pulseboard.insights import (
    FIRST,
    LAST,
    Dimension,
    Filter,
    Period,
    Query,
    chart,
    day_start,
    moment,
    totals,
    type_filter,
)
from pulseboard.projects import ProjectView
from pulseboard.store import ProjectScope, Store
from pulseboard.summaries.periods import RULES, PeriodType, end_of, starts

Metric = Literal["event_count", "page_views", "unique_sessions", "unique_users"]
METRICS: tuple[Metric, ...] = get_args(Metric)
Sums = Mapping[Metric, Mapping[date, int]]

# Every event meets it, but nothing that the engine keeps of days and quarters knows the answer.
EVERY_ROW = Filter(Dimension("isError"), "set")
AT_ONCE = 1_000  # periods of one question; the engine gets each one's border


@dataclass(frozen=True, slots=True)
class Measure:
    """What of the catalogue a figure is, and of which events."""

    metric: str
    filters: tuple[Filter, ...] = ()


MEASURES: dict[Metric, Measure] = {
    "event_count": Measure("events"),
    "page_views": Measure("events", (type_filter("PAGE_VIEW"),)),
    "unique_sessions": Measure("sessions"),
    "unique_users": Measure("users"),
}


@dataclass(frozen=True, slots=True)
class Of:
    """Whose periods, of which kind, cut in which zone."""

    project_id: str
    type: PeriodType
    zone: ZoneInfo


def of_project(project: ProjectView, type: PeriodType) -> Of:
    """The project's periods in its own zone."""
    return Of(project.id, type, ZoneInfo(project.timezone))


def stretches(of: Of, first: date, until: date) -> Iterator[tuple[date, date, date]]:
    """The periods from ``first`` to ``until`` (exclusive), as many at a time as one question may ask for.

    Each stretch is its first and last period and the one after it.
    """
    found = starts(of.type, of.zone, day_start(first, of.zone), day_start(until, of.zone))
    for begin in range(0, len(found), AT_ONCE):
        part, rest = found[begin : begin + AT_ONCE], found[begin + AT_ONCE :]
        yield part[0], part[-1], rest[0] if rest else until


def runs(of: Of, wanted: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Periods in order, those that follow one another together: the first and the last of each run."""
    begin = 0
    for i in range(1, len(wanted) + 1):
        if (
            i < len(wanted)
            and i - begin < AT_ONCE
            and end_of(of.type, of.zone, wanted[i - 1]) == day_start(wanted[i], of.zone)
        ):
            continue
        yield wanted[begin], wanted[i - 1]
        begin = i


def first_event(store: Store, project_id: str) -> datetime | None:
    """When the project's first event happened."""
    (whole,) = totals(store, Query(ProjectScope(project_id), Period(FIRST, LAST), ("events", "first_seen")))
    return moment(whole["first_seen"]) if whole["events"] else None


def figures(store: Store, of: Of, first: date, last: date, *, raw: bool = False) -> Sums:
    """Every figure of the periods that begin from ``first`` to ``last``, both included; see ``figure``."""
    return {metric: figure(store, of, metric, first, last, raw=raw) for metric in METRICS}


def figure(store: Store, of: Of, metric: Metric, first: date, last: date, *, raw: bool = False) -> dict[date, int]:
    """One figure by the periods' first days. ``raw`` reads event by event and not what the engine keeps of days.

    Raises:
        Unavailable: the store does not answer.
    """
    measure = MEASURES[metric]
    query = Query(
        ProjectScope(of.project_id),
        Period(day_start(first, of.zone), end_of(of.type, of.zone, last)),
        (measure.metric,),
        timezone=of.zone.key,
        filters=(*measure.filters, EVERY_ROW) if raw else measure.filters,
        grain=RULES[of.type].grain,
    )
    found = chart(store, query)
    return dict(
        zip((moment(start).astimezone(of.zone).date() for start in found.starts), found.lines[0].values, strict=True)
    )
