"""Checks what is kept against the events themselves, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pulseboard.insights import day_start
from pulseboard.ledger import Ledger
from pulseboard.projects import ProjectView
from pulseboard.store import Store
from pulseboard.summaries.figures import METRICS, Metric, Of, Sums, figures, of_project, runs
from pulseboard.summaries.kept import Figures
from pulseboard.summaries.periods import PERIOD_TYPES, PeriodType, starts, touched, whole


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is kept, and what it is by the events."""

    metric: Metric
    type: PeriodType
    start: date
    kept: int
    counted: int


def verify(
    kept: Figures,
    store: Store,
    ledger: Ledger,
    project: ProjectView,
    since: date,
    until: date,
    *,
    kept_since: date | None = None,
    fix: bool,
) -> list[Difference]:
    """The differences in periods that begin from ``since`` to ``until`` (exclusive); with ``fix`` they are mended.

    Periods that late events reached, that were not filled yet, or of which the plan does not keep all events, are
    passed over: nobody is given what is kept of them.

    Raises:
        Unavailable: the store does not answer.
    """
    days = [each.day for each in ledger.reached(project.id)]
    found: list[Difference] = []
    for type in PERIOD_TYPES:
        of = of_project(project, type)
        filled = [each for each in _filled(kept, of, since, until, days) if whole(of.zone, each, kept_since)]
        for first, last in runs(of, filled):
            counted = figures(store, of, first, last, raw=True)
            different = list(_compare(kept, of, first, last, counted))
            if different and fix:
                kept.put(of, first, last, counted)
            found += different
    return found


def _filled(kept: Figures, of: Of, since: date, until: date, days: list[int]) -> list[date]:
    cursor = kept.cursor(of)
    if cursor is None:
        return []
    end = day_start(min(until, cursor.filled), of.zone)
    open_again = touched(of.type, of.zone, days)
    inside = starts(of.type, of.zone, day_start(since, of.zone), end)
    return [start for start in inside if since <= start and start not in open_again]


def _compare(kept: Figures, of: Of, first: date, last: date, counted: Sums) -> Iterator[Difference]:
    for metric in METRICS:
        known = kept.read(of, metric, first, last)
        for start in sorted(known.keys() | counted[metric].keys()):
            pair = known.get(start, 0), counted[metric].get(start, 0)
            if pair[0] != pair[1]:
                yield Difference(metric, of.type, start, *pair)
