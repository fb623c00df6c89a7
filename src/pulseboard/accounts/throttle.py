"""Guessing gets slower: for one account from one network, so that nobody locks anybody else out."""

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.errors import TooManyRequests

FREE = 5  # attempts; people mistype
LONGEST = 900  # seconds between two attempts in the end: about a hundred guesses a day
FORGOTTEN = timedelta(days=1)


def key_of(*parts: str) -> str:
    """What is counted together, for example an account and a network; hashed, for it may hold a person's typing."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def enter(session: Session, key: str, now: datetime) -> int:
    """Counts an attempt as failed before it is made (of many at once each is counted), and says which one it is.

    Raises:
        TooManyRequests: the pause after the last failure is not over; this one is not counted.
    """
    failures, last_at = queries.failures_of(session, key) or (0, now)
    if failures >= FREE and now - last_at < FORGOTTEN:
        left = last_at + pause_after(failures) - now
        if left > timedelta(0):
            raise _too_many(left)
    counted = queries.note_failure(session, key, now, forgotten=now - FORGOTTEN)
    if counted > max(failures + 1, FREE):  # others came in between, where there was nothing to lock yet
        raise _too_many(pause_after(counted - 1))
    return counted


def _too_many(left: timedelta) -> TooManyRequests:
    seconds = math.ceil(left.total_seconds())
    return TooManyRequests("Too many attempts; try again later", retry_after=seconds)


def pause_after(failures: int) -> timedelta:
    """How long nobody may try again after that many failures in a row."""
    return timedelta(seconds=min(LONGEST, 2 ** min(failures - FREE, 20)) if failures >= FREE else 0)


def clear(session: Session, key: str) -> None:
    """The attempt was right: the next one starts from nothing."""
    queries.forget_failures(session, key)
