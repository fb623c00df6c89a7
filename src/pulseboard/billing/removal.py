"""What was deleted is removed for good once its time to come back is over: projects, organisations, and their events.

1. delete  dead letters, everything in the store, and what the ledger knows, while the writer waits
2. drop    the project's row, which remembers that there is something to delete
3. drop    the organisation's row

Killed anywhere, the next run begins again with what has its row. The sums of days go with the next look at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.ledger import Ledger
from pulseboard.orgs import RESTORABLE, remove_deleted_orgs
from pulseboard.projects import drop_project, projects_deleted_before
from pulseboard.spool.base import DeadLetters
from pulseboard.store import Store, Versions, erase_projects
from pulseboard.writer.loop import Writer

_LETTERS = 100  # that are looked at in a row


@dataclass(frozen=True, slots=True)
class Leavings:
    """What has to forget projects that were deleted."""

    db: Database
    store: Store
    writer: Writer
    letters: DeadLetters
    ledger: Ledger
    versions: Versions
    clock: Clock

    def remove(self) -> None:
        """Removes everything that was deleted longer than ``RESTORABLE`` ago.

        Raises:
            Unavailable: a part does not answer; the next run does the rest.
        """
        now = self.clock()
        with self.db.read() as session:
            over = projects_deleted_before(session, now - RESTORABLE)
        if over:
            self._erase([project.id for project in over])
        for project in over:
            with self.db.write() as session:
                drop_project(session, project, now)
        remove_deleted_orgs(self.db, now)

    def _erase(self, project_ids: Sequence[str]) -> None:
        with self.writer.still():  # a letter that was sent again is stored before, or not at all
            for project_id in project_ids:
                self._discard_letters(project_id)
            erase_projects(self.store, project_ids)
            for project_id in project_ids:
                self.ledger.leave(project_id)
        self.versions.changed(project_ids)

    def _discard_letters(self, project_id: str) -> None:
        while page := self.letters.page(_LETTERS, project_id=project_id):
            for letter in page:
                self.letters.discard(letter.id)
