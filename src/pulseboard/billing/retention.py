"""How long events are kept: by the plan of the project's organisation, whole days in UTC.

What is older is out of every read at once, because the engine itself leaves it out (``LimitedReads``); a job takes it
off the disk once a day, and from then on the writer stores nothing as old. Until then a better plan shows it again.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pulseboard.billing.service import OrgPlans
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.projects import any_project, living_projects
from pulseboard.store import Store, Versions, remove_before
from pulseboard.writer.erased import Erased
from pulseboard.writer.loop import Writer

LIFE = 5.0  # seconds that a plan is believed to be the same


class Retention:
    """Since when each project's events are kept. Thread-safe."""

    def __init__(self, db: Database, plans: OrgPlans, clock: Clock) -> None:
        self._db, self._plans, self._clock = db, plans, clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, int | None]] = {}
        self._removed: dict[str, date] = {}

    def hidden_before(self, project_id: str) -> date | None:
        """The first day that may be read; None where nothing is older than that.

        Raises:
            NotFound: there is no such project.
            Unavailable: the control plane does not answer.
        """
        first = self._first_day(self._days(project_id))
        removed = self._removed.get(project_id)
        return None if first is None or (removed is not None and removed >= first) else first

    def kept_since(self, project_id: str) -> date | None:
        """The first day that is kept, whether older ones are off the disk or not; None where all are.

        Raises:
            NotFound: there is no such project.
            Unavailable: the control plane does not answer.
        """
        return self._first_day(self._days(project_id))

    def all_first_days(self) -> dict[str, date]:
        """The first day that is kept of every living project that has one."""
        with self._db.read() as session:
            kept = {each.id: self._plans.kept_days(session, each.org_id) for each in living_projects(session)}
        found = {project_id: self._first_day(days) for project_id, days in kept.items()}
        return {project_id: first for project_id, first in found.items() if first is not None}

    def note_removed(self, first_days: dict[str, date]) -> None:
        """Nothing of the projects is older than these days."""
        self._removed = dict(first_days)

    def _days(self, project_id: str) -> int | None:
        if not self._plans.limited:
            return None
        now = time.monotonic()
        at, days = self._known.get(project_id, (float("-inf"), None))
        if now - at < LIFE:
            return days
        with self._db.read() as session:
            days = self._plans.kept_days(session, any_project(session, project_id).org_id)
        with self._lock:
            self._known[project_id] = now, days
        return days

    def _first_day(self, days: int | None) -> date | None:
        return None if days is None else (self._clock() - timedelta(days=days)).astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Remover:
    """The job that takes off the disk what is not kept."""

    retention: Retention
    store: Store
    writer: Writer
    erased: Erased
    versions: Versions

    def remove(self) -> None:
        """Removes what is too old, of all projects. Killed in the middle, the next run does the rest.

        Raises:
            Unavailable: the store does not answer; the next run does the rest.
        """
        first_days = self.retention.all_first_days()
        with self.writer.still():  # what it holds in its hands is stored, and gone with the rest
            self.erased.close({project_id: _moment(first) for project_id, first in first_days.items()})
        for first in sorted(set(first_days.values())):
            remove_before(self.store, sorted(each for each, day in first_days.items() if day == first), first)
        self.retention.note_removed(first_days)
        self.versions.changed(list(first_days))


def _moment(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
