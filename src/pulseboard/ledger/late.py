"""Which days events reached after they were over, for whoever keeps sums of days and has to mend them.

A day is noted in the transaction that enters the batch, before its events can be seen. It may be struck out only when
the lease that noted it last is acknowledged, its events therefore are in the store, and the sums were made after that.
"""

import sqlite3
from collections.abc import Collection, Iterable

from pulseboard.ledger.base import Reached

SCHEMA = """
CREATE TABLE IF NOT EXISTS reached (
    project_id TEXT NOT NULL, day INTEGER NOT NULL, lease TEXT NOT NULL, PRIMARY KEY (project_id, day)
) WITHOUT ROWID;
"""
_NOTE = "INSERT INTO reached VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET lease = excluded.lease"
_ALL = "SELECT project_id, day, lease FROM reached ORDER BY project_id, day"
_OF = "SELECT project_id, day, lease FROM reached WHERE project_id = ? ORDER BY day"
_STRIKE = "DELETE FROM reached WHERE project_id = ? AND day = ? AND lease = ?"


def note(db: sqlite3.Connection, lease: str, days: Iterable[tuple[str, int]]) -> None:
    db.executemany(_NOTE, [(project_id, day, lease) for project_id, day in days])


def read(db: sqlite3.Connection, project_id: str | None) -> list[Reached]:
    found = db.execute(_ALL) if project_id is None else db.execute(_OF, (project_id,))
    return [Reached(*row) for row in found]


def strike(db: sqlite3.Connection, mended: Collection[Reached]) -> None:
    db.executemany(_STRIKE, mended)
