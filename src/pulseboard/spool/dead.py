"""Dead letters: what no try could store, in the spool's own file, so that one goes back by one transaction.

A letter is seen once its lease is acknowledged. Before, the writer may try it again and put it aside once more, and a
letter that somebody replayed meanwhile would be there twice.
"""

import sqlite3
import threading

import msgspec

from pulseboard.errors import disk_named
from pulseboard.spool.base import DeadLetter, Parcel, Record

WHAT = "The event queue"

SCHEMA = """
CREATE TABLE IF NOT EXISTS dead (
    id INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, part INTEGER NOT NULL, buried_at INTEGER NOT NULL,
    reason TEXT NOT NULL, project_id TEXT NOT NULL, received_at INTEGER NOT NULL, events INTEGER NOT NULL,
    source TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (seq, part)
);
CREATE INDEX IF NOT EXISTS dead_of_project ON dead (project_id, id);
"""
_BURY = """
INSERT OR IGNORE INTO dead (seq, part, buried_at, reason, project_id, received_at, events, source, size, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SEEN = "NOT EXISTS (SELECT 1 FROM groups WHERE groups.seq = dead.seq)"
# With casts, because the type of a value stands in its row too, and may have turned into another one.
_LETTER = """
id, coalesce(CAST(buried_at AS INTEGER), 0), coalesce(CAST(reason AS TEXT), ''), coalesce(CAST(project_id AS TEXT), ''),
coalesce(CAST(received_at AS INTEGER), 0), coalesce(CAST(events AS INTEGER), 0), coalesce(CAST(source AS TEXT), ''),
coalesce(length(body), 0)
"""
_COUNT = f"SELECT count(*) FROM dead WHERE {_SEEN}"  # noqa: S608 - our own words
_PAGE = f"SELECT {_LETTER} FROM dead WHERE {_SEEN}"  # noqa: S608
_OF_PROJECT = " AND project_id = ?"
_BEFORE = " AND id < ?"
_NEWEST = " ORDER BY id DESC LIMIT ?"
_ONE = f"SELECT {_LETTER}, coalesce(CAST(body AS BLOB), x'') FROM dead WHERE {_SEEN} AND id = ?"  # noqa: S608
_AGAIN = f"SELECT project_id, received_at, events, body, source, size FROM dead WHERE {_SEEN} AND id = ?"  # noqa: S608
_REMOVE = f"DELETE FROM dead WHERE {_SEEN} AND id = ?"  # noqa: S608
_REWRITE = f"UPDATE dead SET body = ?, events = ? WHERE {_SEEN} AND id = ?"  # noqa: S608


class SqliteDeadLetters:
    """See ``spool.base.DeadLetters``; a connection of its own, so that a look waits for no commit."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def open(self, db: sqlite3.Connection) -> None:
        self.db = db

    def page(self, limit: int, *, before: int | None = None, project_id: str | None = None) -> list[DeadLetter]:
        wanted, values = _PAGE, list[str | int]()
        for value, condition in ((project_id, _OF_PROJECT), (before, _BEFORE)):
            if value is not None:
                wanted += condition
                values.append(value)
        with self.lock, disk_named(WHAT):
            return [DeadLetter(*row) for row in self.db.execute(wanted + _NEWEST, (*values, limit))]

    def count(self, project_id: str | None = None) -> int:
        wanted = _COUNT if project_id is None else _COUNT + _OF_PROJECT
        with self.lock, disk_named(WHAT):
            number: int = self.db.execute(wanted, () if project_id is None else (project_id,)).fetchone()[0]
            return number

    def one(self, id: int) -> tuple[DeadLetter, bytes] | None:
        with self.lock, disk_named(WHAT):
            row = self.db.execute(_ONE, (id,)).fetchone()
        return None if row is None else (DeadLetter(*row[:-1]), row[-1])

    def discard(self, id: int) -> bool:
        with self.lock, disk_named(WHAT), self.db:
            return remove(self.db, id)

    def rewrite(self, id: int, body: bytes, events: int) -> None:
        with self.lock, disk_named(WHAT), self.db:
            self.db.execute(_REWRITE, (body, events, id))

    def close(self) -> None:
        self.db.close()


def bury(db: sqlite3.Connection, record: Record, reason: str, at: int) -> None:
    """Adds a letter; one that a try before a crash has added stays as it is."""
    parcel = record.parcel
    what = (parcel.project_id, parcel.received_at, parcel.events, parcel.source, parcel.size, parcel.body)
    db.execute(_BURY, (record.seq, record.part, at, reason, *what))


def places(db: sqlite3.Connection, first: int, last: int) -> set[tuple[int, int]]:
    """Where in the groups from ``first`` to ``last`` letters came from."""
    return set(db.execute("SELECT seq, part FROM dead WHERE seq BETWEEN ? AND ?", (first, last)))


def parcel_of(db: sqlite3.Connection, id: int) -> Parcel | None:
    """The letter as a parcel to be tried again: nothing is charged for it, and its events are counted as refused."""
    row = db.execute(_AGAIN, (id,)).fetchone()
    return None if row is None else msgspec.structs.replace(Parcel(*row), unstorable=row[2])


def remove(db: sqlite3.Connection, id: int) -> bool:
    """Deletes a letter; says whether it was there."""
    return db.execute(_REMOVE, (id,)).rowcount == 1
