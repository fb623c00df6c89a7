"""The four figures of days, weeks and months in slow, plain Python. Shares no code with the product."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

METRICS = ("event_count", "page_views", "unique_sessions", "unique_users")
TYPES = ("daily", "weekly", "monthly")
STEP = timedelta(minutes=15)


@dataclass(frozen=True)
class Seen:
    """One event that is stored; ``at`` in milliseconds since 1970."""

    at: int
    page: bool
    user: str
    session: str


def period_of(type: str, day: date) -> date:
    if type == "daily":
        return day
    return day - timedelta(days=day.weekday()) if type == "weekly" else day.replace(day=1)


def day_of(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()


def periods(type: str, zone: ZoneInfo, since: datetime, until: datetime) -> list[date]:
    """The periods of every quarter of an hour that there is between the two moments."""
    found: dict[date, None] = {}
    moment = since
    while moment <= until:
        found[period_of(type, moment.astimezone(zone).date())] = None
        moment += STEP
    return list(found)


def value(metric: str, events: list[Seen]) -> int:
    match metric:
        case "event_count":
            return len(events)
        case "page_views":
            return sum(event.page for event in events)
        case "unique_sessions":
            return len({event.session for event in events} - {""})
        case _:
            return len({event.user for event in events} - {""})


def summaries(events: list[Seen], metric: str, type: str, zone: ZoneInfo, wanted: list[date]) -> dict[date, int]:
    """The figure of each wanted period."""
    return {
        start: value(metric, [event for event in events if period_of(type, day_of(event.at, zone)) == start])
        for start in wanted
    }
