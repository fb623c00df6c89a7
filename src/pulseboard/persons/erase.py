"""Erasing one person: from the store, from what remembers their events, and from what waits to be written.

1. note    the erasure in the control plane, with the audit record, in one transaction
2. refuse  the writer stores nothing more of what the person did before (``writer/erased.py``)
3. delete  dead letters, remembered event ids, and then the rows, while the writer waits
4. forget  what the writer and the live view hold in memory, and the sums of the touched days
5. end     the note keeps hashes and counts only

Killed anywhere after 1 it is finished by the job, or by asking again.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from pulseboard.audit import Caller, Target, record
from pulseboard.db import Database
from pulseboard.ingest.event import Event, decode, encode
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id
from pulseboard.ledger import Ledger
from pulseboard.orgs import Actor
from pulseboard.persons import queries
from pulseboard.persons.models import Erasure
from pulseboard.persons.who import ANONYMOUS, USER, find_person
from pulseboard.projects import project_for
from pulseboard.spool.base import DeadLetters
from pulseboard.store import Store, Versions, erase_persons, held, ids_of, persons_days
from pulseboard.writer.erased import Erased
from pulseboard.writer.loop import Writer
from pulseboard.writer.numbers import person_key

Report = dict[str, int]
_LETTERS = 100  # that are looked at in a row


@dataclass(frozen=True, slots=True)
class _Open:
    """An erasure that is to be finished."""

    id: str
    project_id: str
    marks: tuple[str, ...]
    numbers: tuple[int, ...]
    days: tuple[int, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class Eraser:
    """What has to forget a person."""

    db: Database
    store: Store
    writer: Writer
    erased: Erased
    letters: DeadLetters
    ledger: Ledger
    versions: Versions
    leave_view: Callable[[str, Sequence[int]], None]  # a project, and persons whom the live view forgets
    clock: Clock
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self) -> None:
        """Lets the writer know of everybody who was ever erased; before it starts."""
        with self.db.read() as session:
            for each in queries.all_erasures(session):
                self.erased.learn(each.project_id, each.marks, each.asked_at)

    def erase(self, actor: Actor, caller: Caller, project_id: str, id: str) -> Report:
        """Erases whoever has the user id, else the anonymous id, and says how much there was; 0 of nobody.

        Raises:
            NotFound, Forbidden: the project is a stranger's, or the role is too low.
            Unavailable: a part does not answer; what is left is erased by the job.
        """
        with self.db.read() as session:
            project = project_for(session, actor, project_id, "persons.erase")
        with self.writer.still():
            opened = self._begin(caller, project.id, project.org_id, id)
            self._finish(opened)
        return opened.report

    def finish(self) -> None:
        """Finishes what was cut off."""
        with self.writer.still():
            with self.db.read() as session:
                found = [_opened(each) for each in queries.open_erasures(session)]
            for each in found:
                self._finish(each)

    def _begin(self, caller: Caller, project_id: str, org_id: str, id: str) -> _Open:
        person = find_person(self.store, project_id, id)
        names = person.keys if person else (USER + id, ANONYMOUS + id)
        marks = [self.erased.mark(project_id, name) for name in names]
        with self.db.read() as session:
            for each in queries.open_erasures(session):
                if each.project_id == project_id and set(each.marks) & set(marks):
                    return _opened(each)
        numbers = list(person.numbers) if person else []
        made = Erasure(
            id=new_id(),
            project_id=project_id,
            marks=marks,
            numbers=numbers,
            days=persons_days(self.store, project_id, numbers),
            asked_at=self.clock(),
            done_at=None,
            report=self._report(project_id, numbers, set(marks), len(person.keys) if person else 0),
        )
        with self.db.write() as session:
            session.add(made)
            target = Target("erasure", made.id)
            record(session, caller, made.asked_at, "person.erased", target, org_id=org_id, after=made.report)
            opened, asked_at = _opened(made), made.asked_at
        self.erased.learn(project_id, marks, asked_at)
        return opened

    def _report(self, project_id: str, numbers: Sequence[int], marks: set[str], ids: int) -> Report:
        events, sessions = held(self.store, project_id, numbers) if numbers else (0, 0)
        letters = sum(1 for _ in self._letters_of(project_id, marks))
        return {"events": events, "sessions": sessions, "ids": ids, "deadLetters": letters}

    def _finish(self, opened: _Open) -> None:
        for letter, left in self._letters_of(opened.project_id, set(opened.marks)):
            if left:
                self.letters.rewrite(letter, encode(left), len(left))
            else:
                self.letters.discard(letter)
        if opened.numbers:
            self._delete(opened)
        self.versions.changed([opened.project_id])
        with self.db.write() as session:
            queries.end_erasure(session, opened.id, self.clock())

    def _delete(self, opened: _Open) -> None:
        project_id, numbers = opened.project_id, opened.numbers
        for ids in ids_of(self.store, project_id, numbers, opened.days):
            self.writer.forget_ids(project_id, ids)
        erase_persons(self.store, project_id, numbers)
        self.ledger.reopen(project_id, opened.days)
        self.writer.forget_persons(project_id, numbers)
        self.leave_view(project_id, numbers)

    def _letters_of(self, project_id: str, marks: set[str]) -> Iterator[tuple[int, list[Event]]]:
        """The project's dead letters with events of the person, and the events of others in them."""
        before: int | None = None
        while page := self.letters.page(_LETTERS, before=before, project_id=project_id):
            for letter in page:
                found = self.letters.one(letter.id)
                every = _events(found[1]) if found else []
                left = [each for each in every if self.erased.mark(project_id, _name(each)) not in marks]
                if len(left) < len(every):
                    yield letter.id, left
            before = page[-1].id


def remember(db: Database, erased: Erased) -> Erased:
    """Lets the writer know of everybody who was ever erased; before it starts."""
    with db.read() as session:
        for each in queries.all_erasures(session):
            erased.learn(each.project_id, each.marks, each.asked_at)
    return erased


def _name(event: Event) -> str:
    return person_key(event.user_id, event.anonymous_id)


def _events(body: bytes) -> list[Event]:
    """None where the bytes changed: then there is no telling whose they were."""
    try:
        return decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []


def _opened(row: Erasure) -> _Open:
    return _Open(row.id, row.project_id, tuple(row.marks), tuple(row.numbers), tuple(row.days), dict(row.report))
