"""What web reads mean, in slow, plain Python. Shares no code with the product."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights.oracle import Asked, bucket_label, kind, walk, within
from tests.insights.reading import Happened

MINUTE, DAY = 60_000, 86_400_000
PARENTS = {
    "region": ("country", "region"),
    "city": ("country", "region", "city"),
    "browserVersion": ("browser", "browser_version"),
    "osVersion": ("os", "os_version"),
}
ENTRIES: dict[str, Callable[[Happened], str]] = {
    "channel": lambda view: column(view, "channel"),
    "referrer": lambda view: column(view, "referrer_domain"),
    "referrerUrl": lambda view: column(view, "referrer"),
    "utmSource": lambda view: column(view, "utm_source"),
    "utmMedium": lambda view: column(view, "utm_medium"),
    "utmCampaign": lambda view: column(view, "utm_campaign"),
    "utmTerm": lambda view: column(view, "utm_term"),
    "utmContent": lambda view: column(view, "utm_content"),
    "entryPage": lambda view: page(view),
}
EXITS: dict[str, Callable[[Happened], str]] = {"exitPage": lambda view: page(view)}


def column(event: Happened, name: str) -> str:
    return event.columns.get(name, "")


def page(event: Happened) -> str:
    return column(event, "host") + column(event, "path")


def is_view(event: Happened) -> bool:
    return kind(event) == "PAGE_VIEW"


def people(events: Iterable[Happened], bots: str) -> list[Happened]:
    return [event for event in events if bots == "with" or event.bot == (bots == "only")]


def views_and_visitors(events: Iterable[Happened]) -> dict[str, int]:
    views = [event for event in events if is_view(event)]
    return {"views": len(views), "visitors": len({view.person for view in views} - {0})}


@dataclass(frozen=True)
class Session:
    """``told`` is what the session is told apart by."""

    views: int
    person: int
    bounced: bool
    seconds: float
    told: str


def sessions(events: Iterable[Happened], tell: Callable[[list[Happened]], str] = lambda views: "") -> list[Session]:
    """Every session with a page view; its person is the one with the lowest number, who was seen first."""
    by_number: dict[int, list[Happened]] = defaultdict(list)
    for event in events:
        if event.session:
            by_number[event.session].append(event)
    found = []
    for mine in by_number.values():
        views = [event for event in mine if is_view(event)]
        times = [event.at for event in mine]
        persons = sorted({event.person for event in mine} - {0})
        if views:
            person = persons[0] if persons else 0
            found.append(Session(len(views), person, len(mine) == 1, (max(times) - min(times)) / 1000, tell(views)))
    return found


def entry(value: Callable[[Happened], str]) -> Callable[[list[Happened]], str]:
    """The first view's value; of several at one instant the first by letters."""
    return lambda views: min((view.at, value(view).encode()) for view in views)[1].decode()


def exit_(value: Callable[[Happened], str]) -> Callable[[list[Happened]], str]:
    """The last view's value; of several at one instant the last by letters."""
    return lambda views: max((view.at, value(view).encode()) for view in views)[1].decode()


def visits(events: list[Happened]) -> dict[str, Any]:
    mine = sessions(events)
    totals = views_and_visitors(events)
    return {"totalViews": totals["views"], "uniqueVisitors": totals["visitors"], **lengths(mine)}


def lengths(mine: list[Session]) -> dict[str, Any]:
    count = len(mine)
    return {
        "sessions": count,
        "bounceRate": sum(each.bounced for each in mine) / count if count else 0,
        "avgSessionSeconds": sum(each.seconds for each in mine) / count if count else 0,
    }


def overview(events: list[Happened], asked: Asked, now: int) -> dict[str, Any]:
    length = asked.until - asked.since
    zone = ZoneInfo(asked.zone)

    def date_of(at: int) -> object:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()

    today = [event for event in events if event.at <= now and date_of(event.at) == date_of(now)]
    week = [event for event in events if now - 7 * DAY < event.at <= now]
    return {
        **visits(within(events, asked)),
        "previous": visits(within(events, Asked(asked.since - length, asked.since))),
        "today": views_and_visitors(today),
        "last7Days": views_and_visitors(week),
    }


def series(events: list[Happened], asked: Asked, interval: str) -> list[tuple[int, int, int, int]]:
    zone = ZoneInfo(asked.zone)
    views = [event for event in within(events, asked) if is_view(event)]
    points = []
    for start, label in walk(asked, interval, zone):
        mine = [view for view in views if bucket_label(view.at, interval, zone) == label]
        persons, numbers = ({view.person for view in mine} - {0}, {view.session for view in mine} - {0})
        points.append((start, len(mine), len(persons), len(numbers)))
    return points


def by_view(events: list[Happened], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The most viewed first, then in the order of letters."""
    groups: dict[tuple[str, ...], list[Happened]] = defaultdict(list)
    for event in filter(is_view, events):
        groups[tuple(column(event, name) or "(not set)" for name in columns)].append(event)
    ranked = sorted(groups, key=lambda labels: (-len(groups[labels]), [label.encode() for label in labels]))
    return [
        {
            "label": labels[-1],
            "within": list(labels[:-1]),
            **views_and_visitors(groups[labels]),
            "sessions": len({view.session for view in groups[labels]} - {0}),
            "bounceRate": None,
            "avgSessionSeconds": None,
        }
        for labels in ranked
    ]


def by_session(events: list[Happened], by: str) -> list[dict[str, Any]]:
    """The most sessions first, then in the order of letters."""
    tell = entry(ENTRIES[by]) if by in ENTRIES else exit_(EXITS[by])
    groups: dict[str, list[Session]] = defaultdict(list)
    for session in sessions(events, tell):
        groups[session.told or "(not set)"].append(session)
    return [
        {
            "label": label,
            "within": [],
            "views": sum(each.views for each in groups[label]),
            "visitors": len({each.person for each in groups[label]} - {0}),
            **lengths(groups[label]),
        }
        for label in sorted(groups, key=lambda label: (-len(groups[label]), label.encode()))
    ]


def top_pages(events: list[Happened]) -> list[dict[str, Any]]:
    items = []
    for found in by_view(events, ("host", "path")):
        host, path = ("" if label == "(not set)" else label for label in (*found["within"], found["label"]))
        numbers = {"views": found["views"], "visitors": found["visitors"]}
        items.append({"url": host + path or "(not set)", "host": host, "path": path, **numbers})
    return items


def realtime(events: list[Happened], now: int) -> dict[str, Any]:
    mine = [event for event in events if now - 5 * MINUTE < event.at <= now]
    active = [event for event in mine if is_view(event) or column(event, "host")]
    return {
        "activeSessions": len({event.session for event in active} - {0}),
        "activeVisitors": len({event.person for event in active} - {0}),
        "pages": top_pages(mine)[:10],
    }


def goal(events: list[Happened], reached: Callable[[Happened], bool]) -> tuple[int, int]:
    """How often it was reached, and by how many of those who have viewed a page."""
    visitors = {event.person for event in events if is_view(event)} - {0}
    mine = [event for event in events if reached(event)]
    return len(mine), len({event.person for event in mine} & visitors)
