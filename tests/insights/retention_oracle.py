"""Retention and churn by their definitions, in slow, plain Python. Shares no code with the product."""

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights.oracle import Asked, bucket_label, passes, walk, within
from tests.insights.reading import Happened


@dataclass(frozen=True)
class AskedRetention:
    """As on the wire."""

    period: str
    start: str | None
    back: str | None
    start_filters: list[dict[str, Any]] = field(default_factory=list)
    back_filters: list[dict[str, Any]] = field(default_factory=list)
    filters: list[dict[str, Any]] = field(default_factory=list)
    cohorts: str = "first"
    unbounded: bool = False


def _passing(events: list[Happened], name: str | None, filters: list[dict[str, Any]]) -> list[Happened]:
    named = [event for event in events if event.person and name in (None, event.name)]
    return [event for event in named if all(passes(event, each) for each in filters)]


def cohorts(events: list[Happened], asked: AskedRetention, period: Asked) -> list[dict[str, Any]]:
    """For each period its start, and sets of persons: the cohort, and who of it was retained."""
    zone = ZoneInfo(period.zone)
    periods = walk(period, asked.period, zone)
    labels = [label for _, label in periods]
    kept = [event for event in events if all(passes(event, each) for each in asked.filters)]
    starts = _passing(kept, asked.start, asked.start_filters)
    returns = within(_passing(kept, asked.back, asked.back_filters), period)
    place = {id(event): labels.index(bucket_label(event.at, asked.period, zone)) for event in within(kept, period)}
    came = {(event.person, place[id(event)]) for event in returns}
    began: dict[int, set[int]] = {}
    for event in within(starts, period):
        began.setdefault(event.person, set()).add(place[id(event)])
    before = {event.person for event in starts if event.at < period.since}
    made = []
    for i, (start, _) in enumerate(periods):
        match asked.cohorts:
            case "recurring":
                cohort = {person for person, places in began.items() if i in places}
            case "first_ever":
                cohort = {person for person, places in began.items() if min(places) == i and person not in before}
            case _:
                cohort = {person for person, places in began.items() if min(places) == i}
        retained = []
        for k in range(i, len(periods)):
            enough = range(k, len(periods)) if asked.unbounded else [k]
            retained.append({person for person in cohort if any((person, each) in came for each in enough)})
        made.append({"start": start, "cohort": cohort, "retained": retained})
    return made


def churn(events: list[Happened], period: Asked, grain: str, name: str | None) -> list[dict[str, Any]]:
    zone = ZoneInfo(period.zone)
    active: dict[Any, set[int]] = {label: set() for _, label in walk(period, grain, zone)}
    for event in _passing(within(events, period), name, []):
        active[bucket_label(event.at, grain, zone)].add(event.person)
    items: list[dict[str, Any]] = []
    seen: set[int] = set()
    before: set[int] | None = None
    for start, label in walk(period, grain, zone):
        now = active[label]
        kept = now & (before or set())
        churned = None if before is None else len(before - now)
        items.append(
            {
                "start": start,
                "active": len(now),
                "new": len(now - seen),
                "kept": len(kept),
                "returned": len(now & seen - kept),
                "churned": churned,
                "churnRate": None if churned is None or before is None else churned / len(before) if before else 0.0,
            }
        )
        seen |= now
        before = now
    return items
