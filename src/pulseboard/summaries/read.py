"""Reads summaries: what is kept where it holds, and the events where it does not yet or no longer."""

from dataclasses import dataclass
from datetime import date, datetime

from pulseboard.errors import Unavailable
from pulseboard.insights import moment
from pulseboard.ledger import Ledger
from pulseboard.store import Store
from pulseboard.summaries.figures import Metric, Of, figure, runs
from pulseboard.summaries.kept import Figures
from pulseboard.summaries.periods import running, touched, whole


@dataclass(frozen=True, slots=True)
class Answer:
    """The values of periods by their first days; all that came before ``through`` is in them."""

    values: dict[date, int]
    through: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """What a read works on; everything that was received before ``through`` is in the store.

    Of periods of which the plan does not keep all events (``kept_since``), the rest is counted, as in every read.
    """

    kept: Figures
    store: Store
    ledger: Ledger
    now: datetime
    through: datetime
    kept_since: date | None

    def values(self, of: Of, metric: Metric, wanted: list[date]) -> Answer:
        """The figure of each of the periods, which are in order.

        Raises:
            Unavailable: the store does not answer, and what is needed of it was never kept.
        """
        if not wanted:
            return Answer({}, self.through)
        # Before the figures: a day that is struck out after this look was mended before it.
        open_again = touched(of.type, of.zone, [each.day for each in self.ledger.reached(of.project_id)])
        cursor = self.kept.cursor(of)
        known = self.kept.read(of, metric, wanted[0], wanted[-1]) if cursor else {}
        values = {start: known.get(start, 0) for start in wanted}
        sure = min(cursor.filled, running(of.type, of.zone, self.now)) if cursor else date.min
        since = self.kept_since
        unsure = [each for each in wanted if each in open_again or each >= sure or not whole(of.zone, each, since)]
        try:
            for first, last in runs(of, _joined(wanted, unsure)):
                values |= figure(self.store, of, metric, first, last)
        except Unavailable:
            if cursor is None or not cursor.refreshed:
                raise
            return Answer({start: values[start] for start in wanted}, moment(cursor.refreshed))
        return Answer({start: values[start] for start in wanted}, self.through)


def _joined(wanted: list[date], unsure: list[date]) -> list[date]:
    """From the first to the last in question: one long look at the events costs less than many short ones."""
    if not unsure:
        return []
    return wanted[wanted.index(unsure[0]) : wanted.index(unsure[-1]) + 1]
