"""What trends mean, in slow, plain Python, from the definitions and not from the SQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights import oracle
from tests.insights.condition_oracle import kept
from tests.insights.oracle import Asked, property_text, within
from tests.insights.reading import Happened

Value = float | None
Body = dict[str, Any]
Line = dict[str, Any]
PERCENTILES = {f"p{n}": n / 100 for n in range(1, 100)} | {"median": 0.5}
ACTIVE = {"dau": 1, "wau": 7, "mau": 30}


def users(events: list[Happened]) -> int:
    return len({event.person for event in events} - {0})


def numbers(events: list[Happened], key: str) -> list[float]:
    found = (oracle.number_of(property_text(event, key)) for event in events)
    return [number for number in found if number is not None]


def percentile(values: list[float], share: float) -> Value:
    """Linear between the two nearest of the sorted values, the smallest being 0 % and the largest 100 %."""
    if not values:
        return None
    ranked, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def quotient(one: float, other: float) -> Value:
    return one / other if other else None


def measured(events: list[Happened], series: Body) -> Value:
    """The metric of these events, all in one bucket."""
    metric, values = series.get("metric", "events"), numbers(events, series.get("property", "value"))
    simple: dict[str, Callable[[], Value]] = {
        "events": lambda: len(events),
        "users": lambda: users(events),
        "sessions": lambda: len({event.session for event in events} - {0}),
        "errors": lambda: sum(map(oracle.is_error, events)),
        "errorRate": lambda: quotient(sum(map(oracle.is_error, events)), len(events)),
        "eventsPerUser": lambda: quotient(len(events), users(events)),
        "firstSeen": lambda: min((event.at for event in events), default=None),
        "lastSeen": lambda: max((event.at for event in events), default=None),
        "values": lambda: len(values),
        "sum": lambda: sum(values),
        "avg": lambda: quotient(sum(values), len(values)),
        "min": lambda: min(values, default=None),
        "max": lambda: max(values, default=None),
    }
    return simple[metric]() if metric in simple else percentile(values, PERCENTILES[metric])


def line(events: list[Happened], series: Body, asked: Asked, interval: str) -> Line:
    """The total and every bucket's value of events that are already filtered."""
    zone, inside = ZoneInfo(asked.zone), within(events, asked)
    points = [
        (start, measured([e for e in inside if oracle.bucket_label(e.at, interval, zone) == label], series))
        for start, label in oracle.walk(asked, interval, zone)
    ]
    return {"total": measured(inside, series), "points": points}


def active_line(events: list[Happened], metric: str, asked: Asked, interval: str) -> Line:
    """Distinct users of the calendar days that end with each bucket's last day, also those outside the range."""
    zone = ZoneInfo(asked.zone)
    starts = [start for start, _ in oracle.walk(asked, interval, zone)]
    points: list[tuple[int, Value]] = []
    for start, end in zip(starts, [*starts[1:], asked.until], strict=True):
        last = _date(min(end, asked.until) - 1, zone)
        counts = {name: _active(events, last, days, zone) for name, days in ACTIVE.items()}
        value = quotient(counts["dau"], counts["mau"]) if metric == "stickiness" else counts[metric]
        points.append((start, value))
    return {"total": points[-1][1], "points": points}


def _active(events: list[Happened], last: date, days: int, zone: ZoneInfo) -> int:
    return users([event for event in events if last - timedelta(days=days) < _date(event.at, zone) <= last])


def _date(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()


def labels_of(event: Happened, keys: list[str]) -> tuple[str, ...]:
    return tuple(property_text(event, key) or "(not set)" for key in keys)


def ranked(events: list[Happened], series: Body, keys: list[str], top: int, order: str) -> list[tuple[str, ...]]:
    """The values that stand alone: by the metric over the range, what has none last, ties by the values."""
    groups: dict[tuple[str, ...], list[Happened]] = {}
    for event in events:
        groups.setdefault(labels_of(event, keys), []).append(event)

    def place(labels: tuple[str, ...]) -> tuple[Any, ...]:
        tie = tuple(label.encode() for label in labels)
        if order == "label":
            return tie
        value = measured(groups[labels], series)
        sign = -1 if order == "largest" else 1
        return (value is None, sign * (value or 0), tie)

    return sorted(groups, key=place)[:top]


def series_lines(
    events: list[Happened], series: Body, body: Body, asked: Asked, first: list[tuple[str, ...]] | None = None
) -> list[Line]:
    """The lines of one series: one, or one for each of the ``first`` values and one for all others."""
    mine = kept(kept(events, body.get("filters", []), asked), series.get("filters", []), asked)
    mine = [event for event in mine if series.get("event", event.name) == event.name]
    keys = body.get("breakdown", [])
    if series.get("metric") in (*ACTIVE, "stickiness"):
        return [{"breakdown": [], "other": False, **active_line(mine, series["metric"], asked, body["interval"])}]
    if not keys:
        return [{"breakdown": [], "other": False, **line(mine, series, asked, body["interval"])}]
    if first is None:
        first = ranked(within(mine, asked), series, keys, body["limit"], body["order"])
    lines = []
    for labels in first:
        own = [event for event in mine if labels_of(event, keys) == labels]
        lines.append({"breakdown": list(labels), "other": False, **line(own, series, asked, body["interval"])})
    rest = [event for event in mine if labels_of(event, keys) not in first]
    if within(rest, asked):
        names = ["Other"] * len(keys)
        lines.append({"breakdown": names, "other": True, **line(rest, series, asked, body["interval"])})
    return lines
