"""Time is injected: rooms take a ``Clock`` instead of asking the machine."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
_LAST = 253_402_300_799_999  # ms; the end of the year 9999, after which there is no way to write a time


def system_clock() -> datetime:
    """The machine's time as an aware UTC datetime."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """``2026-01-15T10:30:00.000Z``: UTC with milliseconds, as every answer writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def rfc3339_of(at: int) -> str:
    """The same of ms since 1970; of a number that can be no time, the first or the last one there is."""
    return rfc3339(datetime.fromtimestamp(min(max(at, 0), _LAST) // 1000, UTC).replace(microsecond=at % 1000 * 1000))
