"""The job: makes the sums that are due, mends those that late events reached, and refreshes those that run."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from pulseboard.db import Database
from pulseboard.errors import AppError, Unavailable
from pulseboard.insights import millis
from pulseboard.kit.clock import Clock
from pulseboard.kit.periods import hour_of
from pulseboard.ledger import Ledger
from pulseboard.projects import ProjectView, living_projects
from pulseboard.store import Store
from pulseboard.summaries.figures import Of, figures, first_event, of_project, runs, stretches
from pulseboard.summaries.kept import Cursor, Figures
from pulseboard.summaries.periods import PERIOD_TYPES, following, running, to_be_filled, touched, whole

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Keeper:
    """What the job works on. ``watermark``: everything received before is in the store; see ``Spool.open_lease``."""

    kept: Figures
    store: Store
    ledger: Ledger
    db: Database
    clock: Clock
    watermark: Callable[[], datetime]
    open_lease: Callable[[], str]
    kept_since: Callable[[str], date | None]  # a project -> the first UTC day whose events its plan keeps

    def keep(self) -> None:
        """Brings the summaries of every project up to date. It may be killed at any moment and run again at any time.

        Raises:
            Unavailable: a part does not answer; what was not done is done by the next run.
        """
        with self.db.read() as session:
            living = living_projects(session)
        self.keep_these(living)

    def keep_these(self, living: Collection[ProjectView]) -> None:
        """The same of all projects that live; the others are forgotten.

        Raises:
            Unavailable: see ``keep``; one project's trouble does not hold up the others.
        """
        # In this order: what was noted by a lease that is now acknowledged is in the store, and so in the sums.
        reached, opened = self.ledger.reached(), self.open_lease()
        failed: set[str] = set()
        for project in living:
            try:
                self.keep_project(project, [each.day for each in reached if each.project_id == project.id])
            except AppError as wrong:
                log.warning("summaries failed", project=project.id, reason=str(wrong))
                failed.add(project.id)
        for gone in self.kept.projects() - {project.id for project in living}:
            self.kept.forget(gone)  # one that comes back is filled anew
        self.ledger.strike([each for each in reached if each.lease != opened and each.project_id not in failed])
        if failed:
            raise Unavailable(f"{len(failed)} of {len(living)} projects could not be summed up")

    def keep_project(self, project: ProjectView, days: Collection[int]) -> None:
        """The same of one project, of which late events reached those UTC ``days``."""
        now, through = self.clock(), self.watermark()
        for type in PERIOD_TYPES:
            of = of_project(project, type)
            due = to_be_filled(type, of.zone, now, through)
            cursor = self._cursor(of, due)
            self._mend(of, cursor.filled, days)
            self._fill(of, cursor.filled, due)
            self._refresh(of, due, cursor.refreshed, now=millis(now), through=millis(min(now, through)))

    def _cursor(self, of: Of, due: date) -> Cursor:
        """How far the kind of period is filled, but never further than it can be: a clock may have run ahead."""
        cursor = self.kept.cursor(of)
        if cursor is None:
            first = first_event(self.store, of.project_id)
            cursor = Cursor(due if first is None else min(due, running(of.type, of.zone, first)), 0)
            self.kept.begin(of, cursor.filled)
        elif cursor.filled > due:
            cursor = cursor._replace(filled=due)
            self.kept.move(of, due)
        return cursor

    def _mend(self, of: Of, filled: date, days: Collection[int]) -> None:
        since = self.kept_since(of.project_id)  # a sum that was made of more than there is now is the better one
        reopened = touched(of.type, of.zone, days)
        wanted = sorted(start for start in reopened if start < filled and whole(of.zone, start, since))
        for first, last in runs(of, wanted):
            self.kept.put(of, first, last, figures(self.store, of, first, last))

    def _fill(self, of: Of, filled: date, due: date) -> None:
        for first, last, after in stretches(of, filled, due):
            self.kept.put(of, first, last, figures(self.store, of, first, last), filled=after)

    def _refresh(self, of: Of, due: date, refreshed: int, *, now: int, through: int) -> None:
        """Once an hour, the sums of what is not over or not due yet."""
        if hour_of(refreshed) == hour_of(now):
            return
        if not refreshed or self.ledger.total(of.project_id, hour_of(refreshed), hour_of(now) + 1).stored:
            last = running(of.type, of.zone, self.clock())
            for first, final, _ in stretches(of, due, following(of.type, of.zone, last)):
                self.kept.put(of, first, final, figures(self.store, of, first, final))
        self.kept.refreshed(of, through)
