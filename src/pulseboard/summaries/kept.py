"""Where figures are kept: one SQLite file, in which figures and how far they are filled change together.

A period's figures are replaced as a whole, so making them again changes nothing. The cursor of a kind of period says
up to which day (exclusive) its sums are made; a period before it without a row is zero. What stands after the cursor
was made while its period ran (``refreshed``, ms since 1970, is when). Everything here can be made again of the events.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pulseboard.errors import disk_named
from pulseboard.kit.sqlite import check, connect, file_named
from pulseboard.summaries.figures import Metric, Of, Sums

CURE = "stop the server and move it away with its -wal and -shm: it is made again of the events at the next start"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS figures (
    project_id TEXT NOT NULL, type TEXT NOT NULL, metric TEXT NOT NULL, start TEXT NOT NULL, value INTEGER NOT NULL,
    PRIMARY KEY (project_id, type, metric, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (
    project_id TEXT NOT NULL, type TEXT NOT NULL, zone TEXT NOT NULL, filled TEXT NOT NULL, refreshed INTEGER NOT NULL,
    PRIMARY KEY (project_id, type)
) WITHOUT ROWID;
"""
_CURSOR = "SELECT filled, refreshed FROM cursors WHERE project_id = ? AND type = ? AND zone = ?"
_READ = """
SELECT start, value FROM figures WHERE project_id = ? AND type = ? AND metric = ? AND start >= ? AND start <= ?
"""
_CLEAR = "DELETE FROM figures WHERE project_id = ? AND type = ? AND start >= ? AND start <= ?"
_PUT = "INSERT INTO figures VALUES (?, ?, ?, ?, ?)"
_BEGIN = "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, 0)"
_MOVE = "UPDATE cursors SET filled = ? WHERE project_id = ? AND type = ?"
_REFRESHED = "UPDATE cursors SET refreshed = ? WHERE project_id = ? AND type = ?"


class Cursor(NamedTuple):
    """Sums are made of the periods that begin before ``filled``; of later ones as of ``refreshed`` (0: not yet)."""

    filled: date
    refreshed: int


class Figures:
    """The file. Thread-safe.

    Raises:
        sqlite3.Error: the file cannot be opened or is damaged; it says which, and what to do.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with file_named(path, CURE):
            self._writes = connect(path)
            check(self._writes)
            self._writes.executescript(_SCHEMA)
            self._reads = connect(path)
        self._writing, self._reading = threading.Lock(), threading.Lock()

    def cursor(self, of: Of) -> Cursor | None:
        """How far the periods are filled; None when they never were, or in another zone."""
        with self._look() as db:
            row = db.execute(_CURSOR, (of.project_id, of.type, of.zone.key)).fetchone()
        return Cursor(date.fromisoformat(row[0]), row[1]) if row else None

    def read(self, of: Of, metric: Metric, first: date, last: date) -> dict[date, int]:
        """What is kept of the periods that begin from ``first`` to ``last``, both included; zeros are left out."""
        asked = (of.project_id, of.type, metric, first.isoformat(), last.isoformat())
        with self._look() as db:
            return {date.fromisoformat(start): value for start, value in db.execute(_READ, asked)}

    def begin(self, of: Of, filled: date) -> None:
        """Forgets all figures of the kind; nothing happened before ``filled``."""
        with self._change() as db:
            db.execute("DELETE FROM figures WHERE project_id = ? AND type = ?", (of.project_id, of.type))
            db.execute(_BEGIN, (of.project_id, of.type, of.zone.key, filled.isoformat()))

    def move(self, of: Of, filled: date) -> None:
        """Sets the cursor alone: back, when the clock had run ahead."""
        with self._change() as db:
            db.execute(_MOVE, (filled.isoformat(), of.project_id, of.type))

    def put(self, of: Of, first: date, last: date, sums: Sums, *, filled: date | None = None) -> None:
        """Replaces the figures of the periods from ``first`` to ``last``; moves the cursor when ``filled`` is given."""
        rows = [
            (of.project_id, of.type, metric, start.isoformat(), value)
            for metric, found in sums.items()
            for start, value in found.items()
            if value
        ]
        with self._change() as db:
            db.execute(_CLEAR, (of.project_id, of.type, first.isoformat(), last.isoformat()))
            db.executemany(_PUT, rows)
            if filled is not None:
                db.execute(_MOVE, (filled.isoformat(), of.project_id, of.type))

    def refreshed(self, of: Of, at: int) -> None:
        """Notes that the figures after the cursor hold what had come ``at`` a moment (ms since 1970)."""
        with self._change() as db:
            db.execute(_REFRESHED, (at, of.project_id, of.type))

    def projects(self) -> set[str]:
        """Whose figures are kept."""
        with self._look() as db:
            return {row[0] for row in db.execute("SELECT DISTINCT project_id FROM cursors")}

    def forget(self, project_id: str) -> None:
        """Forgets a project."""
        with self._change() as db:
            db.execute("DELETE FROM figures WHERE project_id = ?", (project_id,))
            db.execute("DELETE FROM cursors WHERE project_id = ?", (project_id,))

    def close(self) -> None:
        self._writes.close()
        self._reads.close()

    @contextmanager
    def _look(self) -> Iterator[sqlite3.Connection]:
        with self._reading, disk_named("The summaries"), file_named(self._path, CURE):
            yield self._reads

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._writing, file_named(self._path, CURE), self._writes as db:
            yield db
