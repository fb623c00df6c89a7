"""Buckets of time, cut where people cut them: at the full hour, midnight, Monday or the first of a time zone's month.

The engine never sees a time zone. It gets the borders, so that both sides agree on the short and the long days too.
"""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pulseboard.insights.query import Grain, Period

# The shortest that a bucket of the grain can nominally be, to bound their number before they are made.
SHORTEST: dict[Grain, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=28),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def millis(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(since_1970: int) -> datetime:
    """The UTC time of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=since_1970)


def borders(period: Period, grain: Grain, zone: ZoneInfo) -> tuple[int, ...]:
    """Where each bucket that ``period`` touches begins, in milliseconds since 1970, oldest first.

    The first bucket may begin before the period. An hour that the clock repeats is two buckets; a day whose midnight
    the clock skips begins when the skipped hour is over.
    """
    wall = floor(period.since.astimezone(zone).replace(tzinfo=None), grain)
    since, until = millis(period.since), millis(period.until - _MILLISECOND) + 1
    found: set[int] = set()
    while (start := _instant(wall, zone, 0)) < until:
        found.add(start)
        again = _instant(wall, zone, 1)
        if grain in ("minute", "hour") and start < again < until:
            found.add(again)
        wall = following(wall, grain)
    starts = sorted(found)
    first = max((i for i, start in enumerate(starts) if start <= since), default=0)
    return tuple(starts[first:])


def floor(wall: datetime, grain: Grain) -> datetime:
    """The start of the bucket that holds a wall clock's time."""
    match grain:
        case "minute":
            return wall.replace(second=0, microsecond=0)
        case "hour":
            return wall.replace(minute=0, second=0, microsecond=0)
    day = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            return day


def following(wall: datetime, grain: Grain) -> datetime:
    """The wall clock's time at which the next bucket begins."""
    if grain == "month":
        return (wall + timedelta(days=31)).replace(day=1)
    return wall + SHORTEST[grain]


def slot(starts: tuple[int, ...]) -> int:
    """The longest step, in milliseconds, whose multiples meet every border; rows may be counted by it first."""
    return math.gcd(*starts)


def day_start(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the wall clock's date, in UTC."""
    return moment(_instant(floor(wall.replace(tzinfo=None), "day"), zone, 0))


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> int:
    return millis(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC))
