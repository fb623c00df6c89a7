"""When a cron expression says that something is due."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol

from huey import crontab  # type: ignore[import-untyped]

_MINUTE = timedelta(minutes=1)
_FAR = 366 * 24 * 60  # minutes; a schedule without a moment in a whole year is a mistake


class Matches(Protocol):
    def __call__(self, moment: datetime) -> bool: ...


@cache
def matches(schedule: str) -> Matches:
    """Whether a minute (in UTC) is one of the schedule's.

    Raises:
        ValueError: the expression is none.
    """
    fields = schedule.split()
    if len(fields) != 5:
        raise ValueError(f"a cron expression has five fields: {schedule}")
    found: Matches = crontab(*fields, strict=True)
    return found


def last_due(schedule: str, now: datetime) -> datetime:
    """The schedule's latest moment up to ``now``."""
    return _walk(schedule, _minute(now), -_MINUTE)


def next_due(schedule: str, now: datetime) -> datetime:
    """The schedule's first moment after ``now``."""
    return _walk(schedule, _minute(now) + _MINUTE, _MINUTE)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _walk(schedule: str, moment: datetime, step: timedelta) -> datetime:
    is_due = matches(schedule)
    for _ in range(_FAR):
        if is_due(moment):
            return moment
        moment += step
    raise ValueError(f"never due: {schedule}")
