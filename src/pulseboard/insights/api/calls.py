"""What is asked of API calls, which are the events of type REQUEST.

Percentiles are those of ``PERCENTILE.INC``: between two values they are interpolated (type 7 of Hyndman and Fan, Sample
Quantiles in Statistical Packages, 1996). Calls without a duration are in none of them.

Apdex is (satisfied + tolerating / 2) / all, as the Apdex Technical Specification 1.1 (Apdex Alliance, 2007) defines it:
a call is satisfied up to a threshold T, tolerating up to 4 T, else frustrated; so is one that failed with a status of
500 or more, however quick. A call that did not fail and has no duration has no part in it.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from pulseboard.insights import run
from pulseboard.insights.api.sql import render_calls, render_largest
from pulseboard.insights.buckets import moment, touched_hours
from pulseboard.insights.parse import Frame, type_filter
from pulseboard.insights.query import Period, Query
from pulseboard.kit.periods import HOUR
from pulseboard.store import READ_MEMORY, Row, Store

CALL = type_filter("REQUEST")
# Values whose percentiles are taken at once, within the memory of one read: 8 bytes each, six times over while two
# threads' arrays grow and become one.
MANY = READ_MEMORY // 48

Sort = Literal["calls", "slowest", "failing", "apdex"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of the frame, by ``keys``: the highest by ``sort`` first, or in the order of ``starts``.

    ``keys`` name groups that ``api.sql`` knows. ``threshold`` is Apdex's T in milliseconds.
    """

    frame: Frame
    threshold: float = 500.0
    keys: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    sort: Sort = "calls"
    limit: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """``exact`` says whether the percentiles are."""

    rows: list[Row]
    exact: bool


def measure(store: Store, asked: Calls) -> Measured:
    """One row for each group: ``by_<key>, calls, average, percentiles, failed_4xx, failed_5xx, apdex, rank``.

    Percentiles (50, 90, 95, 99) are exact as long as no group has more than ``MANY`` calls. Too many for one read are
    read in parts, each with all calls of some groups.
    """
    total = _count(store, asked.frame)
    if total <= MANY:
        return Measured(_read(store, asked, exact=True), exact=True)
    if _largest(store, asked, total) > MANY:
        return Measured(_read(store, asked, exact=False), exact=False)
    parts = math.ceil(2 * total / MANY)
    rows = [row for part in range(parts) for row in _read(store, asked, exact=True, part=part, parts=parts)]
    rows.sort(key=lambda row: (-row["rank"], *(row[f"by_{key}"] for key in asked.keys)))
    return Measured(rows[: asked.limit], exact=True)


def _count(store: Store, frame: Frame) -> int:
    """No fewer than the frame's calls: without its filters and of full hours, all of which the engine has counted."""
    first, end = (moment(hour * HOUR) for hour in touched_hours(frame.period))
    return run.totals(store, Query(frame.scope, Period(first, end), ("events",), filters=(CALL,)))[0]["events"]


def _largest(store: Store, asked: Calls, total: int) -> int:
    if not asked.keys:
        return total
    statement = render_largest(asked.frame, asked.keys, asked.starts)
    return int(store.read(statement.sql, statement.params, asked.frame.scope)[0]["calls"])


def _read(store: Store, asked: Calls, *, exact: bool, part: int = 0, parts: int = 1) -> list[Row]:
    statement = render_calls(
        asked.frame,
        asked.keys,
        asked.starts,
        threshold=asked.threshold,
        sort=asked.sort,
        limit=asked.limit,
        exact=exact,
        part=(part, parts),
    )
    return store.read(statement.sql, statement.params, asked.frame.scope)
