"""Days, weeks and months of a time zone, and when the sum of one is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pulseboard.insights import Grain, Period, borders, day_start, moment

PeriodType = Literal["daily", "weekly", "monthly"]
PERIOD_TYPES: tuple[PeriodType, ...] = get_args(PeriodType)

_MOMENT = timedelta(milliseconds=1)
_QUARTER = 900  # seconds
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A sum is made when the wall clock of the project's zone shows ``hour``, so many ``days`` after the period's end.

    A time that the clock skips is the moment of the change, one that it shows twice is the first of the two.
    """

    grain: Grain
    days: int
    hour: int


RULES: dict[PeriodType, Rule] = {
    "daily": Rule("day", 0, 1),  # 0 1 * * *
    "weekly": Rule("week", 4, 1),  # 0 1 * * 5: Monday's weeks, on Friday
    "monthly": Rule("month", 0, 0),  # 0 0 1 * *
}


def starts(type: PeriodType, zone: ZoneInfo, since: datetime, until: datetime) -> list[date]:
    """The first day of each period that has a part between the two moments, oldest first."""
    if since >= until:
        return []
    return [moment(start).astimezone(zone).date() for start in borders(Period(since, until), RULES[type].grain, zone)]


def running(type: PeriodType, zone: ZoneInfo, now: datetime) -> date:
    """The first day of the period that runs."""
    return starts(type, zone, now, now + _MOMENT)[0]


def end_of(type: PeriodType, zone: ZoneInfo, start: date) -> datetime:
    """The first instant after the period that begins with ``start``."""
    # No period is longer than 32 days: the second of those that begin within them follows this one.
    begin = day_start(start, zone)
    following = borders(Period(begin, begin + timedelta(days=33)), RULES[type].grain, zone)
    return moment(following[1])


def following(type: PeriodType, zone: ZoneInfo, start: date) -> date:
    """The first day after the period that begins with ``start``."""
    return end_of(type, zone, start).astimezone(zone).date()


def to_be_filled(type: PeriodType, zone: ZoneInfo, now: datetime, through: datetime) -> date:
    """The first day after the periods whose sums are due ``now``, and whose events are all there.

    That is so when everything that came up to the end of its last quarter of an hour is in the store (``through``).
    """
    start = running(type, zone, now)
    while not (_due(RULES[type], zone, start) <= now and _next_quarter(day_start(start, zone)) <= through):
        start = running(type, zone, day_start(start, zone) - _MOMENT)
    return start


def _due(rule: Rule, zone: ZoneInfo, end: date) -> datetime:
    return datetime.combine(end + timedelta(days=rule.days), time(rule.hour), zone).astimezone(UTC)


def _next_quarter(moment: datetime) -> datetime:
    """Zones of long ago were off by odd minutes."""
    return datetime.fromtimestamp(-(-moment.timestamp() // _QUARTER) * _QUARTER, UTC)


def whole(zone: ZoneInfo, start: date, kept_since: date | None) -> bool:
    """Whether the plan keeps all events of the period that begins with ``start``: from a UTC day on, or (None) all."""
    return kept_since is None or day_start(start, zone) >= datetime.combine(kept_since, time(), UTC)


def touched(type: PeriodType, zone: ZoneInfo, days: Iterable[int]) -> set[date]:
    """The first day of each period of which a part lies in one of the UTC days (since 1970)."""
    found: set[date] = set()
    for day in days:
        begin = datetime.fromtimestamp(0, UTC) + day * _DAY
        found.update(starts(type, zone, begin, begin + _DAY))
    return found
