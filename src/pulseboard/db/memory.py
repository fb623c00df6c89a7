"""What was read a moment ago, for what every request asks again: who somebody is.

An answer is good for a second, as a key is: so long may another process's change stay unseen. A change by this process
is seen at once, whoever made it: every committed write names the tables that it touched, and answers that were read
from one of them are asked for again. With a Redis beside the database (``db.shared``) that holds for every process; an
answer is remembered then only while Redis says that its tables are as they were.
"""

import re
import time
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from pulseboard.db.shared import LIFE, Shared

MOST = 20_000  # answers
_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
_TOUCHED = "touched"

T = TypeVar("T")
_Stamp = tuple[int | bytes, ...]


class Memory:
    """``monotonic`` counts seconds and never jumps back. Thread-safe."""

    def __init__(
        self, engine: Engine, monotonic: Callable[[], float] = time.monotonic, shared: Shared | None = None
    ) -> None:
        self._monotonic = monotonic
        self._shared = shared
        self._changes: dict[str, int] = {}
        self._answers: dict[Hashable, tuple[Any, float, _Stamp]] = {}
        event.listen(engine, "before_cursor_execute", _note_table)

    def recall(self, name: Hashable, tables: Collection[str], ask: Callable[[], T]) -> T:
        """The answer of ``ask``, which reads ``tables`` and nothing else; ``name`` says what is asked."""
        now = self._monotonic()
        # Before the answer is read: what changes meanwhile must not be taken for what was read.
        stamp = self._stamp(tables)
        if stamp is None:
            return ask()
        known = self._answers.get(name)
        if known is not None and known[1] > now and known[2] == stamp:
            return known[0]  # type: ignore[no-any-return]  # what `ask` gave
        answer = ask()
        if len(self._answers) >= MOST:
            self._answers.clear()
        self._answers[name] = (answer, now + LIFE, stamp)
        return answer

    def closing(self, tables: Collection[str]) -> None:
        """Notes a write that is about to be committed."""
        if self._shared is not None:
            self._shared.closing(tables)

    def changed(self, tables: Collection[str]) -> None:
        """Notes a committed write."""
        for table in tables:
            self._changes[table] = self._changes.get(table, 0) + 1
        if self._shared is not None:
            self._shared.changed(tables)

    def _stamp(self, tables: Collection[str]) -> _Stamp | None:
        """What the tables' last changes are told by; None if that cannot be known now."""
        own = tuple(self._changes.get(table, 0) for table in tables)
        if self._shared is None:
            return own
        versions = self._shared.versions(tables)
        return None if versions is None else own + versions


def begin(session: Session) -> None:
    """Forgets what the connection wrote for somebody else."""
    session.connection().info[_TOUCHED] = set()


def touched(session: Session) -> frozenset[str]:
    """The tables that the session has written to."""
    return frozenset(session.connection().info.get(_TOUCHED, ()))


def _note_table(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if found := _WRITES.match(statement):
        connection.info.setdefault(_TOUCHED, set()).add(found[1])
