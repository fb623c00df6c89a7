"""Buckets of time, cut where people cut them: at the full hour, midnight, Monday or the first of a time zone's month.

The engine never sees a time zone. It gets the borders, so that both sides agree on the short and the long days too.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pulseboard.insights.query import Grain, Period
from pulseboard.kit.periods import hour_of

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
_SECOND = timedelta(seconds=1)


def millis(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(since_1970: int) -> datetime:
    """The UTC time of so many milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=since_1970)


def touched_hours(period: Period) -> tuple[int, int]:
    """The first hour since 1970 of which a part is in the period, and the one after the last."""
    return hour_of(millis(period.since)), hour_of(millis(period.until) - 1) + 1


def borders(period: Period, grain: Grain, zone: ZoneInfo) -> tuple[int, ...]:
    """Where each bucket that ``period`` touches begins, in milliseconds since 1970, oldest first.

    The first bucket may begin before the period. An hour that the clock repeats is two buckets; a day whose midnight it
    skips begins when the skipped time is over.
    """
    by_clock = grain in ("minute", "hour")
    starts = _clock_starts(period, SHORTEST[grain], zone) if by_clock else _calendar_starts(period, grain, zone)
    return tuple(millis(start) for start in starts)


def _clock_starts(period: Period, width: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """Every full ``width`` of the wall clock, and every moment at which the clock is changed."""
    since = period.since.astimezone(UTC)
    back = since - _into(since, width, zone)
    start = back if _same_clock(back, since, zone) else _change(back, since, zone)
    while start < period.until:
        yield start
        ahead = start + width - _into(start, width, zone)
        start = ahead if _same_clock(start, ahead, zone) else _change(start, ahead, zone)


def _into(moment: datetime, width: timedelta, zone: ZoneInfo) -> timedelta:
    """How far the wall clock is into its current ``width``."""
    wall = moment.astimezone(zone)
    midnight = wall.replace(
        hour=0, minute=0, second=0, microsecond=0
    )  # same tzinfo: the difference is the wall clock's
    return (wall - midnight) % width


def _same_clock(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).utcoffset() == other.astimezone(zone).utcoffset()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two from which on the wall clock shows what it shows at ``after``."""
    seconds = int((after - before).total_seconds())
    first = bisect_left(range(seconds), 1, key=lambda n: _same_clock(before + n * _SECOND, after, zone))
    return before + first * _SECOND


def _calendar_starts(period: Period, grain: Grain, zone: ZoneInfo) -> list[datetime]:
    day = _first_day(period.since.astimezone(zone).date(), grain)
    starts = [day_start(day, zone)]
    while starts[-1] < period.until:
        day = _next_day(day, grain)
        starts.append(day_start(day, zone))
    # A day that a zone skipped altogether begins and ends at once.
    kept = sorted(set(starts[:-1]))
    return [start for start, end in zip(kept, [*kept[1:], starts[-1]], strict=True) if end > period.since]


def _first_day(day: date, grain: Grain) -> date:
    match grain:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            return day


def _next_day(day: date, grain: Grain) -> date:
    if grain == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + SHORTEST[grain]


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a date, in UTC."""
    # Where midnight is skipped, the offset from before (fold 0) gives the moment of the change.
    return datetime.combine(day, time(), zone).astimezone(UTC)
