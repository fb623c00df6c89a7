"""The definitions of the HTTP contract in slow, plain Python. Shares no code with the product."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights.reading import Happened

Totals = dict[str, Any]
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
WELL_KNOWN = {"PAGE_VIEW", "ERROR", "REQUEST", "CUSTOM", "LOG", "IDENTIFY"}


@dataclass(frozen=True)
class Asked:
    """Milliseconds since 1970, from inclusive, to exclusive."""

    since: int
    until: int
    zone: str = "UTC"


def kind(event: Happened) -> str:
    upper = event.type.upper()
    return upper if upper in WELL_KNOWN else event.type


def is_error(event: Happened) -> bool:
    return kind(event) == "ERROR" or event.properties.get("statusCode", 0) >= 500


def within(events: Iterable[Happened], asked: Asked) -> list[Happened]:
    return [event for event in events if asked.since <= event.at < asked.until]


def totals(events: list[Happened]) -> Totals:
    errors = [event for event in events if is_error(event)]
    return {
        "totalEvents": len(events),
        "errors": len(errors),
        "errorRate": len(errors) / len(events) if events else 0,
        "uniqueUsers": len({event.person for event in events} - {0}),
        "sessions": len({event.session for event in events} - {0}),
    }


def overview(events: list[Happened], asked: Asked) -> Totals:
    length = asked.until - asked.since
    before = Asked(asked.since - length, asked.since)
    return {**totals(within(events, asked)), "previous": totals(within(events, before))}


def bucket_label(at: int, interval: str, zone: ZoneInfo) -> tuple[Any, ...]:
    """What a person in the zone would write over the column: the same label is the same bucket."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
    match interval:
        case "minute":
            return (local.date(), local.hour, local.minute, local.utcoffset())
        case "hour":
            return (local.date(), local.hour, local.utcoffset())
        case "day":
            return (local.date(),)
        case "week":
            return (local.date() - timedelta(days=local.weekday()),)
        case _:
            return (local.year, local.month)


def series(events: list[Happened], asked: Asked, interval: str) -> list[tuple[int, int]]:
    """``(start, count)`` of each bucket that the range touches; found by walking, a minute at a time or more."""
    zone = ZoneInfo(asked.zone)
    counts = Counter(bucket_label(event.at, interval, zone) for event in within(events, asked))
    return [(start, counts[label]) for start, label in walk(asked, interval, zone)]


def walk(asked: Asked, interval: str, zone: ZoneInfo) -> list[tuple[int, tuple[Any, ...]]]:
    """Every bucket from its first instant: where the label changes, looked for in steps of 15 minutes (or 1)."""
    step = 60_000 if interval == "minute" else 900_000
    start = asked.since - asked.since % step
    first = bucket_label(start, interval, zone)
    while bucket_label(start - step, interval, zone) == first:
        start -= step
    found = [(start, first)]
    for at in range(start, asked.until, step):
        if (label := bucket_label(at, interval, zone)) != found[-1][1]:
            found.append((at, label))
    return found


def text_of(value: object) -> str:
    """How a property's value reads as a label."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case _:
            return str(value).replace("e+", "e")


def property_text(event: Happened, key: str) -> str:
    match key:
        case "name":
            return event.name
        case "type":
            return kind(event)
        case "statusCode":
            return str(event.properties.get("statusCode", ""))
        case "userId":
            return f"user-{event.person}" if event.person else ""
        case _:
            return text_of(event.properties.get(key))


def broken_down(events: list[Happened], asked: Asked, interval: str, key: str, top: int = 10) -> list[dict[str, Any]]:
    """The ``top`` most frequent values, ties by label, and the rest as Other."""
    inside = within(events, asked)
    counted = Counter(property_text(event, key) or "(not set)" for event in inside)
    ranked = sorted(counted, key=lambda label: (-counted[label], label.encode()))
    groups: list[tuple[str, Callable[[str], bool]]] = [
        (label, lambda found, label=label: found == label) for label in ranked[:top]
    ]
    if len(ranked) > top:
        rest = set(ranked[top:])
        groups.append(("Other", lambda found: found in rest))
    lines = []
    for label, belongs in groups:
        mine = [event for event in inside if belongs(property_text(event, key) or "(not set)")]
        lines.append({"label": label, "total": len(mine), "points": series(mine, asked, interval)})
    return lines


def number_of(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else None


def passes(event: Happened, asked: dict[str, Any]) -> bool:
    """Whether a filter lets the event through."""
    text = property_text(event, asked["property"])
    value = asked.get("value")
    match asked["operator"]:
        case "set":
            return text != ""
        case "not_set":
            return text == ""
        case "contains":
            return value in text
        case "starts_with":
            return text.startswith(value)
        case "greater":
            number = number_of(text)
            return number is not None and number > value
        case "less":
            number = number_of(text)
            return number is not None and number < value
        case "is_not":
            return not _is(text, value, asked["property"])
        case _:
            return _is(text, value, asked["property"])


def _is(text: str, value: object, key: str) -> bool:
    if isinstance(value, list):
        return any(_is(text, each, key) for each in value)
    if isinstance(value, bool):
        return text == text_of(value)
    if isinstance(value, str):
        if key == "type" and value.upper() in WELL_KNOWN:
            value = value.upper()
        return text == value
    number = number_of(text)
    return number is not None and number == value


def active_users(events: list[Happened], asked: Asked, days: int) -> int:
    """Distinct users of the calendar days that end with the last day of the range."""
    zone = ZoneInfo(asked.zone)

    def date_of(at: int) -> date:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()

    last = date_of(asked.until - 1)
    wanted = {last - timedelta(days=back) for back in range(days)}
    return len({event.person for event in events if date_of(event.at) in wanted} - {0})


def counted(events: list[Happened], key: Callable[[Happened], str]) -> dict[str, int]:
    return dict(Counter(key(event) for event in events))


def top_errors(events: list[Happened]) -> list[dict[str, Any]]:
    """Every name among the errors, the most frequent first, ties by name."""
    errors = [event for event in events if is_error(event)]
    items = []
    for name, count in counted(errors, lambda event: event.name).items():
        mine = [event for event in errors if event.name == name]
        times = [event.at for event in mine]
        users = len({event.person for event in mine} - {0})
        items.append(
            {"name": name, "count": count, "users": users, "firstSeenAt": min(times), "lastSeenAt": max(times)}
        )
    return sorted(items, key=lambda item: (-item["count"], item["name"].encode()))


def top_events(events: list[Happened]) -> list[dict[str, Any]]:
    names = counted(events, lambda event: event.name)
    ranked = sorted(names, key=lambda name: (-names[name], name.encode()))
    return [{"name": name, "count": names[name]} for name in ranked[:10]]
