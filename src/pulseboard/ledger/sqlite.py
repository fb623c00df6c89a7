"""The embedded ledger: one SQLite file.

A batch's lines wait in ``entered`` until the next lease begins, so that a batch that is tried again after a crash
meets its own lines, and are then added to ``taken``. A reader adds the two. ``days`` has the same sums by whole days
and of all sources together, because every read of events asks for them.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pulseboard.errors import disk_named
from pulseboard.kit.ids import new_id
from pulseboard.kit.periods import DAY, HOUR, hour_of, month_of
from pulseboard.kit.sqlite import check, connect, file_named
from pulseboard.ledger import catalog, late
from pulseboard.ledger.base import WEEK, Brought, Catalog, Place, Reached, Refusal, Refused, Seen, Source, Taken, Tally
from pulseboard.ledger.pauses import pauses

CURE = (
    "stop the server and put a copy of it back, or move it away with its -wal and -shm: then the counts of what came "
    "and the month's quotas begin again at nothing, and no event is lost"
)
KEPT_DAYS = 400  # a year and a month, so that a month can be compared with the same one a year ago

_SCHEMA = """
CREATE TABLE IF NOT EXISTS taken (
    project_id TEXT NOT NULL, hour INTEGER NOT NULL, source TEXT NOT NULL, accepted INTEGER NOT NULL,
    stored INTEGER NOT NULL, late INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (project_id, hour, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (
    project_id TEXT NOT NULL, day INTEGER NOT NULL, accepted INTEGER NOT NULL, stored INTEGER NOT NULL,
    late INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (project_id, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entered (
    batch TEXT NOT NULL, lease TEXT NOT NULL, project_id TEXT NOT NULL, hour INTEGER NOT NULL, source TEXT NOT NULL,
    accepted INTEGER NOT NULL, stored INTEGER NOT NULL, late INTEGER NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (batch, project_id, hour, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refused (
    project_id TEXT NOT NULL, hour INTEGER NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    events INTEGER NOT NULL, PRIMARY KEY (project_id, hour, source, reason, detail)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS amended (
    batch TEXT NOT NULL, lease TEXT NOT NULL, project_id TEXT NOT NULL, hour INTEGER NOT NULL, source TEXT NOT NULL,
    reason TEXT NOT NULL, detail TEXT NOT NULL, events INTEGER NOT NULL,
    PRIMARY KEY (batch, project_id, hour, source, reason, detail)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (
    project_id TEXT NOT NULL, source TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (project_id, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pauses (
    project_id TEXT NOT NULL, source TEXT NOT NULL, hour INTEGER NOT NULL, longest INTEGER NOT NULL,
    PRIMARY KEY (project_id, source, hour)
) WITHOUT ROWID;
"""
_TABLES = ("taken", "days", "entered", "refused", "amended", "sources", "pauses", "words", "beyond", "reached")
_ENTER = "INSERT OR IGNORE INTO entered VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SETTLE = """
INSERT INTO taken (project_id, hour, source, accepted, stored, late, size)
SELECT project_id, hour, source, sum(accepted), sum(stored), sum(late), sum(size)
FROM entered WHERE lease != ? GROUP BY project_id, hour, source
"""
_SETTLE_DAYS = """
INSERT INTO days (project_id, day, accepted, stored, late, size)
SELECT project_id, hour / 24, sum(accepted), sum(stored), sum(late), sum(size)
FROM entered WHERE lease != ? GROUP BY project_id, hour / 24
"""
_ADD = """
ON CONFLICT DO UPDATE SET
    accepted = accepted + excluded.accepted, stored = stored + excluded.stored,
    late = late + excluded.late, size = size + excluded.size
"""
_LAST = "SELECT last FROM sources WHERE project_id = ? AND source = ?"
_ARRIVE = """
INSERT INTO sources VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
"""
_PAUSE = "INSERT INTO pauses VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET longest = max(longest, excluded.longest)"
_SEEN = """
SELECT source, first, last, (
    SELECT max(longest) FROM pauses
    WHERE pauses.project_id = sources.project_id AND pauses.source = sources.source
    AND hour > sources.last / ?2 - ?3 AND hour <= sources.last / ?2
) FROM sources WHERE project_id = ?1 ORDER BY first, source
"""
_REFUSE = """
INSERT INTO refused VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET events = events + excluded.events
"""
_TAKEN = """
SELECT source, hour, sum(accepted), sum(stored), sum(late), sum(size) FROM (
    SELECT * FROM taken WHERE project_id IN ({marks}) AND hour >= ? AND hour < ?
    UNION ALL
    SELECT project_id, hour, source, accepted, stored, late, size FROM entered
    WHERE project_id IN ({marks}) AND hour >= ? AND hour < ?
) GROUP BY hour, source ORDER BY hour, source
"""
_TOTAL = """
SELECT coalesce(sum(accepted), 0), coalesce(sum(stored), 0), coalesce(sum(late), 0), coalesce(sum(size), 0) FROM (
    SELECT accepted, stored, late, size FROM days
    WHERE project_id = :project AND day >= :begin / 24 AND day < :last / 24
    UNION ALL
    SELECT accepted, stored, late, size FROM taken WHERE project_id = :project AND hour >= :first AND hour < :begin
    UNION ALL
    SELECT accepted, stored, late, size FROM taken WHERE project_id = :project AND hour >= :last AND hour < :end
    UNION ALL
    SELECT accepted, stored, late, size FROM entered WHERE project_id = :project AND hour >= :first AND hour < :end
)
"""
_ENTERED = "SELECT project_id, source, hour, accepted, stored, late, size FROM entered WHERE batch = ?"
_AMEND = "INSERT OR IGNORE INTO amended VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SETTLE_AMENDED = """
INSERT INTO refused SELECT project_id, hour, source, reason, detail, sum(events)
FROM amended WHERE lease != ? GROUP BY project_id, hour, source, reason, detail
ON CONFLICT DO UPDATE SET events = events + excluded.events
"""
_MONTHS = """
SELECT project_id, day, sum(stored) FROM (
    SELECT project_id, day, stored FROM days
    UNION ALL
    SELECT project_id, hour / 24, stored FROM entered WHERE lease != ?
) GROUP BY project_id, day
"""
_REFUSED = """
SELECT source, hour, reason, detail, sum(events) AS events FROM (
    SELECT * FROM refused WHERE project_id = ?1 AND hour >= ?2 AND hour < ?3
    UNION ALL
    SELECT project_id, hour, source, reason, detail, events FROM amended
    WHERE project_id = ?1 AND hour >= ?2 AND hour < ?3
) GROUP BY hour, source, reason, detail HAVING sum(events) > 0 ORDER BY hour, source, reason, detail
"""
_OLDEST_DAY = """
SELECT min(day) FROM (
    SELECT min(day) AS day FROM days UNION ALL SELECT min(hour) / 24 FROM entered
    UNION ALL SELECT min(hour) / 24 FROM refused
)
"""


class SqliteLedger:
    """See ``ledger.base.Ledger``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with file_named(path, CURE):
            self._writes = connect(path)
            check(self._writes)
            self._writes.executescript(_SCHEMA + catalog.SCHEMA + late.SCHEMA)
            self._reads = connect(path)
        self._writing = threading.Lock()
        self._memory = catalog.Memory()
        self._reading = threading.Lock()

    def record(self, lease: str, batch: str, brought: Brought) -> Mapping[Place, Tally]:
        rows = [(batch, lease, at.project_id, at.hour, at.source, *tally) for at, tally in brought.sums.items()]
        hour = hour_of(max(map(max, brought.arrivals.values()), default=0))
        with self._writing:
            news = self._memory.news(brought, hour)
            with file_named(self._path, CURE), self._writes as db:
                _settle_others(db, lease)
                entered = db.executemany(_ENTER, rows).rowcount
                for source, arrivals in brought.arrivals.items():
                    _arrive(db, source, arrivals)
                catalog.write(db, news, hour)
                late.note(db, lease, brought.reached)
            self._memory.remember(news, hour)
            return brought.sums if entered == len(rows) else _sums(self._writes, batch)

    def amend(self, lease: str, batch: str, sums: Mapping[Refusal, int]) -> None:
        rows = [(batch, lease, r.project_id, r.hour, r.source, r.reason, r.detail, n) for r, n in sums.items()]
        with self._change() as db:
            _settle_others(db, lease)
            db.executemany(_AMEND, rows)

    def forget(self, batch: str) -> None:
        with self._change() as db:
            db.execute("DELETE FROM entered WHERE batch = ?", (batch,))
            db.execute("DELETE FROM amended WHERE batch = ?", (batch,))

    def refuse(self, sums: Mapping[Refusal, int]) -> None:
        rows = [(r.project_id, r.hour, r.source, r.reason, r.detail, events) for r, events in sums.items()]
        with self._change() as db:
            db.executemany(_REFUSE, rows)

    def months(self, *, without_lease: str) -> dict[tuple[str, int], int]:
        sums: Counter[tuple[str, int]] = Counter()
        with self._look() as db:
            for project, day, stored in db.execute(_MONTHS, (without_lease,)):
                sums[project, month_of(day * DAY)] += int(stored)
        return sums

    def taken(self, project_ids: Sequence[str], first: int, end: int) -> list[Taken]:
        marks = ",".join("?" * len(project_ids))
        half = (*project_ids, first, end)
        with self._look() as db:
            return [Taken(*row) for row in db.execute(_TAKEN.format(marks=marks), half + half)]

    def total(self, project_id: str, first: int, end: int) -> Tally:
        begin, last = -(-first // 24) * 24, end // 24 * 24  # the whole days inside
        if begin >= last:
            begin = last = end
        hours = {"project": project_id, "first": first, "begin": begin, "last": last, "end": end}
        with self._look() as db:
            return Tally(*db.execute(_TOTAL, hours).fetchone())

    def refused(self, project_id: str, first: int, end: int) -> list[Refused]:
        with self._look() as db:
            return [Refused(*row) for row in db.execute(_REFUSED, (project_id, first, end))]

    def seen(self, project_id: str) -> list[Seen]:
        with self._look() as db:
            return [Seen(*row) for row in db.execute(_SEEN, (project_id, HOUR, WEEK))]

    def catalog(self, project_id: str) -> Catalog:
        with self._look() as db:
            return catalog.read(db, project_id)

    def reached(self, project_id: str | None = None) -> list[Reached]:
        with self._look() as db:
            return late.read(db, project_id)

    def reopen(self, project_id: str, days: Collection[int]) -> None:
        with self._change() as db:
            late.note(db, new_id(), [(project_id, day) for day in days])

    def strike(self, mended: Collection[Reached]) -> None:
        with self._change() as db:
            late.strike(db, mended)

    def prune(self, now: int) -> None:
        """Forgets the oldest day, when it is older than ``KEPT_DAYS`` before the hour ``now``."""
        with self._change() as db:
            oldest = db.execute(_OLDEST_DAY).fetchone()[0] or 0
            day = min(now // 24 - KEPT_DAYS, oldest + 1)
            db.execute("DELETE FROM days WHERE day < ?", (day,))
            for table in ("taken", "refused", "pauses"):
                db.execute(f"DELETE FROM {table} WHERE hour < ?", (day * 24,))  # noqa: S608 - our own name
            db.execute("DELETE FROM sources WHERE last < ?", (day * DAY,))
            catalog.forget(db, now * HOUR, day * DAY)

    def leave(self, project_id: str) -> None:
        with self._change() as db:
            for table in _TABLES:
                db.execute(f"DELETE FROM {table} WHERE project_id = ?", (project_id,))  # noqa: S608 - our own name

    def close(self) -> None:
        self._writes.close()
        self._reads.close()

    @contextmanager
    def _look(self) -> Iterator[sqlite3.Connection]:
        with self._reading, disk_named("The account of events"), file_named(self._path, CURE):
            yield self._reads

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._writing, file_named(self._path, CURE), self._writes as db:
            yield db


def _settle_others(db: sqlite3.Connection, lease: str) -> None:
    """Adds up what other leases entered: they are acknowledged."""
    db.execute(_SETTLE + _ADD, (lease,))
    db.execute(_SETTLE_DAYS + _ADD, (lease,))
    db.execute("DELETE FROM entered WHERE lease != ?", (lease,))
    if db.execute("SELECT 1 FROM amended WHERE lease != ? LIMIT 1", (lease,)).fetchone():
        db.execute(_SETTLE_AMENDED, (lease,))
        db.execute("DELETE FROM amended WHERE lease != ?", (lease,))


def _sums(db: sqlite3.Connection, batch: str) -> dict[Place, Tally]:
    return {Place(*row[:3]): Tally(*row[3:]) for row in db.execute(_ENTERED, (batch,))}


def _arrive(db: sqlite3.Connection, source: Source, arrivals: Collection[int]) -> None:
    row = db.execute(_LAST, source).fetchone()
    found = pauses(row[0] if row else None, arrivals)
    db.executemany(_PAUSE, [(*source, hour, longest) for hour, longest in found.items()])
    db.execute(_ARRIVE, (*source, min(arrivals), max(arrivals)))
