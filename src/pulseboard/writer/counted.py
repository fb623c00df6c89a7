"""Remembers which event ids were counted, so that the same ``(project, id)`` counts once.

A key is claimed by a batch before the batch goes into the store. A batch that is tried again after a crash finds its
own claims and goes on; any other batch finds the key taken. Claims live for 28 to 56 days; for an event that happened
before that, the writer asks the store itself (docs/decisions/0004).
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path

EPOCH_DAYS = 28  # one table per epoch: forgetting is a DROP TABLE, not a million deletes
_DAY = 86_400  # seconds
_CHUNK = 500  # keys per statement
# Begun again when it was cut off between this and the cleaning.
_CREATE = "CREATE TABLE IF NOT EXISTS {} (key BLOB PRIMARY KEY, batch INTEGER) WITHOUT ROWID"


def event_key(project_id: str, event_id: str) -> bytes:
    """16 bytes that stand for ``(project, id)``: a 128-bit hash, so that chance collisions can be neglected."""
    return blake2b(f"{project_id}\0{event_id}".encode(), digest_size=16).digest()


def batch_number(token: str) -> int:
    """A lease's token as a signed 64-bit number."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), signed=True)


class Counted:
    """The claims, in an SQLite file of their own. Used by the one writer thread only."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")  # a lost claim would let a later double in
        self._tables = _tables(self._db)

    def claim(self, keys: Sequence[bytes], batch: int) -> set[bytes]:
        """Claims ``keys`` (distinct) for ``batch`` and returns those that another batch has counted."""
        current = self._current_table()
        with self._db:
            taken = _held(self._db, keys, self._tables, batch)
            fresh = [(key, batch) for key in keys if key not in taken]
            self._db.executemany(f"INSERT OR IGNORE INTO {current} VALUES (?, ?)", fresh)  # noqa: S608 - our own name
        return taken

    def holds(self, key: bytes) -> bool:
        """Whether any batch has claimed ``key``."""
        wanted = "SELECT 1 FROM {} WHERE key = ?"
        return any(self._db.execute(wanted.format(table), (key,)).fetchone() for table in self._tables)

    def release(self, batch: int) -> None:
        """Gives back what ``batch`` claimed: its events were set aside, and may be sent again."""
        with self._db:
            for table in self._tables:
                self._db.execute(f"DELETE FROM {table} WHERE batch = ?", (batch,))  # noqa: S608 - our own name

    def remembers_since(self) -> float:
        """Seconds since 1970 from which on the key of every counted event is remembered, by the event's own time.

        An event may be up to a day ahead of the moment at which it is claimed.
        """
        return (self._epoch() - 1) * EPOCH_DAYS * _DAY + _DAY

    def close(self) -> None:
        self._db.close()

    def _epoch(self) -> int:
        return int(self._clock().timestamp() // (EPOCH_DAYS * _DAY))

    def _current_table(self) -> str:
        epoch = self._epoch()
        current = f"counted_{epoch:06d}"
        if current not in self._tables:
            with self._db:
                self._db.execute(_CREATE.format(current))
                for old in self._tables:
                    if old < f"counted_{epoch - 1:06d}":
                        self._db.execute(f"DROP TABLE {old}")
            self._tables = sorted([t for t in self._tables if t >= f"counted_{epoch - 1:06d}"] + [current])
        return current


class Known:
    """Which ids are counted already, for the doors: the same file, read beside the writer. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._lock = threading.Lock()

    def __call__(self, project_id: str, ids: Sequence[str]) -> set[str]:
        """Those of ``ids`` that are counted, or about to be."""
        keys = {event_key(project_id, event_id): event_id for event_id in ids}
        with self._lock:
            return {keys[key] for key in _held(self._db, keys, _tables(self._db))}

    def close(self) -> None:
        self._db.close()


def _tables(db: sqlite3.Connection) -> list[str]:
    return sorted(name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name GLOB 'counted_*'"))


def _held(db: sqlite3.Connection, keys: Iterable[bytes], tables: Sequence[str], batch: int | None = None) -> set[bytes]:
    """Which keys are claimed; with ``batch``, by another one."""
    other = "" if batch is None else " AND batch != ?"
    found: set[bytes] = set()
    for chunk in _chunks(keys):
        marks = ",".join("?" * len(chunk))
        values = chunk if batch is None else (*chunk, batch)
        for table in tables:
            rows = db.execute(f"SELECT key FROM {table} WHERE key IN ({marks}){other}", values)  # noqa: S608 - our own
            found.update(key for (key,) in rows)
    return found


def _chunks(keys: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    rest = iter(keys)
    while chunk := tuple(islice(rest, _CHUNK)):
        yield chunk
