"""Hours and months as numbers, in UTC."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

HOUR = 3_600_000  # milliseconds
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hour_of(at: int) -> int:
    """The hour of a moment (ms since 1970): hours since 1970."""
    return at // HOUR


def month_of(at: int) -> int:
    """The month of a moment (ms since 1970) as a number like 202611."""
    return _month_of_day(at // DAY)


@lru_cache(maxsize=512)
def _month_of_day(day: int) -> int:
    moment = _EPOCH + timedelta(days=day)
    return moment.year * 100 + moment.month


def month_end(moment: datetime) -> datetime:
    """When the moment's month is over."""
    inside = moment.astimezone(UTC).replace(day=28) + timedelta(days=4)
    return inside.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
