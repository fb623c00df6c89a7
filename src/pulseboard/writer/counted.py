"""Remembers which event ids were counted, so that the same ``(project, id)`` counts once.

A key is claimed by a batch before the batch goes into the store. A batch that is tried again after a crash finds its
own claims and goes on; any other batch finds the key taken. Claims are forgotten by the time that was seen to pass, not
by what the clock says: a clock that jumps forgets nothing. For an event that may have happened before what is
remembered, the writer asks the store itself (docs/decisions/0004).
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pulseboard.errors import disk_named
from pulseboard.kit.clock import Clock
from pulseboard.kit.sqlite import connect, file_named

_DAY = 86_400  # seconds
LIFE = 28 * _DAY  # of a table; a claim lives for one or two of them. Forgetting is a DROP TABLE, no million deletes
PAUSE = 7 * _DAY  # between two batches; what is longer may be a clock that was set, and does not count as time
AGAIN = 7 * _DAY  # in which an id that comes again counts once, whatever time it has
NOTED = 3_600  # seconds between two notes of the time
CURE = (
    "stop the server and put a copy of it back, or move it away with its -wal and -shm: then the event store is asked "
    "whether an event came before, and no event is lost"
)
_CHUNK = 500  # keys per statement
_SCHEMA = """
CREATE TABLE IF NOT EXISTS epochs (
    number INTEGER PRIMARY KEY, began REAL NOT NULL, seen REAL NOT NULL, lived REAL NOT NULL
)
"""
_CREATE = "CREATE TABLE {} (key BLOB PRIMARY KEY, batch INTEGER) WITHOUT ROWID"
_ALWAYS = 0.0  # since when a file remembers before which nothing was counted


class _Epoch(NamedTuple):
    """A table's time: since when it takes claims, when the clock was last looked at, and how much time passed.

    Seconds, the first two since 1970.
    """

    number: int
    began: float
    seen: float
    lived: float

    @property
    def table(self) -> str:
        return f"counted_{self.number:06d}"


def event_key(project_id: str, event_id: str) -> bytes:
    """16 bytes that stand for ``(project, id)``: a 128-bit hash, so that chance collisions can be neglected."""
    return blake2b(f"{project_id}\0{event_id}".encode(), digest_size=16).digest()


def batch_number(token: str) -> int:
    """A lease's token as a signed 64-bit number."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), signed=True)


class Counted:
    """The claims, in an SQLite file of their own. Used by the one writer thread only.

    ``others`` says, for a file that is new, whether events were counted before it: when an old one is gone.
    """

    def __init__(self, path: Path, clock: Clock, *, others: Callable[[], bool] = lambda: False) -> None:
        self._clock = clock
        self._path = path
        with file_named(path, CURE):
            self._db = connect(path)
            self._db.execute(_SCHEMA)
            self._epochs = self._read_epochs()
        if not self._epochs:
            now = self._now()
            self._write(lambda: self._begin(1, now if others() else _ALWAYS, now))

    def claim(self, keys: Sequence[bytes], batch: int) -> set[bytes]:
        """Claims ``keys`` (distinct) for ``batch`` and returns those that another batch has counted."""
        self._look_at_the_clock()
        current = self._epochs[-1].table
        with file_named(self._path, CURE), self._db:
            taken = _held(self._db, keys, self._tables(), batch)
            fresh = [(key, batch) for key in keys if key not in taken]
            self._db.executemany(f"INSERT OR IGNORE INTO {current} VALUES (?, ?)", fresh)  # noqa: S608 - our own name
        return taken

    def holds(self, key: bytes) -> bool:
        """Whether any batch has claimed ``key``."""
        with file_named(self._path, CURE):
            return bool(_held(self._db, [key], self._tables()))

    def release(self, keys: Iterable[bytes], batch: int, *, note: bytes | None = None) -> None:
        """Gives back what ``batch`` claimed of ``keys``, and claims ``note`` in the same transaction."""
        mine = [(key, batch) for key in keys]
        with file_named(self._path, CURE), self._db:
            for table in self._tables():
                self._db.executemany(f"DELETE FROM {table} WHERE key = ? AND batch = ?", mine)  # noqa: S608 - our own name
            if note is not None:
                self._db.execute(f"INSERT OR IGNORE INTO {self._epochs[-1].table} VALUES (?, ?)", (note, batch))  # noqa: S608

    def forget(self, keys: Iterable[bytes]) -> None:
        """Forgets that events were counted, by whichever batch: what they were is gone."""
        gone = [(key,) for key in keys]
        with file_named(self._path, CURE), self._db:
            for table in self._tables():
                self._db.executemany(f"DELETE FROM {table} WHERE key = ?", gone)  # noqa: S608 - our own name

    def remembers_since(self) -> float:
        """Seconds since 1970 from which on the key of every counted event is remembered, by the event's own time.

        An event may be up to a day ahead of the moment at which it is claimed.
        """
        return self._epochs[0].began + _DAY

    def remembers_arrivals_since(self) -> float:
        """The same for ids that come without a time, which may come again within a week, and then at another time."""
        return self._epochs[0].began + AGAIN

    def close(self) -> None:
        self._db.close()

    def _now(self) -> float:
        return self._clock().timestamp()

    def _tables(self) -> list[str]:
        return [epoch.table for epoch in self._epochs]

    def _look_at_the_clock(self) -> None:
        """Adds up the time that passes, and begins a new table when the current one has lived."""
        now, epoch = self._now(), self._epochs[-1]
        passed = now - epoch.seen
        if 0 <= passed < NOTED:
            return
        lived = epoch.lived + (passed if 0 < passed <= PAUSE else 0)
        self._write(lambda: self._note(epoch._replace(seen=now, lived=lived), now))

    def _note(self, epoch: _Epoch, now: float) -> None:
        self._db.execute("UPDATE epochs SET seen = ?, lived = ? WHERE number = ?", (now, epoch.lived, epoch.number))
        if epoch.lived >= LIFE:
            for old in self._epochs[:-1]:  # all their claims are older than this one's life
                self._db.execute(f"DROP TABLE {old.table}")
                self._db.execute("DELETE FROM epochs WHERE number = ?", (old.number,))
            self._begin(epoch.number + 1, max(now, self._epochs[-1].seen), now)

    def _begin(self, number: int, began: float, now: float) -> None:
        epoch = _Epoch(number, began, now, 0)
        self._db.execute(_CREATE.format(epoch.table))
        self._db.execute("INSERT INTO epochs VALUES (?, ?, ?, ?)", epoch)

    def _write(self, change: Callable[[], None]) -> None:
        with file_named(self._path, CURE), self._db:
            self._db.execute("BEGIN")  # by hand: the driver begins none for a CREATE
            change()
        self._epochs = self._read_epochs()

    def _read_epochs(self) -> list[_Epoch]:
        return [_Epoch(*row) for row in self._db.execute("SELECT * FROM epochs ORDER BY number")]


class Known:
    """Which ids are counted already, for the doors: the same file, read beside the writer. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._lock = threading.Lock()

    def __call__(self, project_id: str, ids: Sequence[str]) -> set[str]:
        """Those of ``ids`` that are counted, or about to be.

        Raises:
            Unavailable: the disk refuses.
        """
        keys = {event_key(project_id, event_id): event_id for event_id in ids}
        with self._lock, disk_named("The memory of counted events"), self._db:
            self._db.execute("BEGIN")  # a table that is listed must still be there when it is asked
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
