"""The embedded ledger: one SQLite file.

A batch's lines wait in ``entered`` until the next lease begins, so that a batch that is tried again after a crash
meets its own lines, and are then added to ``taken``. A reader adds the two. ``days`` has the same sums by whole days
and of all sources together, because every read of events asks for them.
"""

import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pulseboard.kit.periods import DAY, HOUR, hour_of
from pulseboard.ledger import catalog
from pulseboard.ledger.base import WEEK, Brought, Catalog, Refusal, Refused, Seen, Source, Taken, Tally
from pulseboard.ledger.pauses import pauses

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
CREATE TABLE IF NOT EXISTS sources (
    project_id TEXT NOT NULL, source TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (project_id, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pauses (
    project_id TEXT NOT NULL, source TEXT NOT NULL, hour INTEGER NOT NULL, longest INTEGER NOT NULL,
    PRIMARY KEY (project_id, source, hour)
) WITHOUT ROWID;
"""
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
_MONTHS = """
SELECT project_id, sum(stored) FROM (
    SELECT project_id, stored FROM taken WHERE hour >= ?1 AND hour < ?2
    UNION ALL
    SELECT project_id, stored FROM entered WHERE hour >= ?1 AND hour < ?2 AND lease != ?3
) GROUP BY project_id
"""
_REFUSED = """
SELECT source, hour, reason, detail, events FROM refused
WHERE project_id = ? AND hour >= ? AND hour < ? ORDER BY hour, source, reason, detail
"""


class SqliteLedger:
    """See ``ledger.base.Ledger``."""

    def __init__(self, path: Path) -> None:
        self._writes = _connect(path)
        self._writes.executescript(_SCHEMA + catalog.SCHEMA)
        self._writing = threading.Lock()
        self._memory = catalog.Memory()
        self._reads = _connect(path)
        self._reading = threading.Lock()

    def record(self, lease: str, batch: str, brought: Brought) -> None:
        rows = [(batch, lease, at.project_id, at.hour, at.source, *tally) for at, tally in brought.sums.items()]
        hour = hour_of(max(map(max, brought.arrivals.values()), default=0))
        with self._writing:
            news = self._memory.news(brought, hour)
            with self._writes as db:
                db.execute(_SETTLE + _ADD, (lease,))
                db.execute(_SETTLE_DAYS + _ADD, (lease,))
                db.execute("DELETE FROM entered WHERE lease != ?", (lease,))
                db.executemany(_ENTER, rows)
                for source, arrivals in brought.arrivals.items():
                    _arrive(db, source, arrivals)
                catalog.write(db, news, hour)
            self._memory.remember(news, hour)

    def forget(self, batch: str) -> None:
        with self._writing, self._writes:
            self._writes.execute("DELETE FROM entered WHERE batch = ?", (batch,))

    def refuse(self, sums: Mapping[Refusal, int]) -> None:
        rows = [(r.project_id, r.hour, r.source, r.reason, r.detail, events) for r, events in sums.items()]
        with self._writing, self._writes:
            self._writes.executemany(_REFUSE, rows)

    def months(self, first: int, end: int, *, without_lease: str) -> dict[str, int]:
        with self._reading:
            return dict(self._reads.execute(_MONTHS, (first, end, without_lease)))

    def taken(self, project_ids: Sequence[str], first: int, end: int) -> list[Taken]:
        marks = ",".join("?" * len(project_ids))
        half = (*project_ids, first, end)
        with self._reading:
            return [Taken(*row) for row in self._reads.execute(_TAKEN.format(marks=marks), half + half)]

    def total(self, project_id: str, first: int, end: int) -> Tally:
        begin, last = -(-first // 24) * 24, end // 24 * 24  # the whole days inside
        if begin >= last:
            begin = last = end
        hours = {"project": project_id, "first": first, "begin": begin, "last": last, "end": end}
        with self._reading:
            return Tally(*self._reads.execute(_TOTAL, hours).fetchone())

    def refused(self, project_id: str, first: int, end: int) -> list[Refused]:
        with self._reading:
            return [Refused(*row) for row in self._reads.execute(_REFUSED, (project_id, first, end))]

    def seen(self, project_id: str) -> list[Seen]:
        with self._reading:
            return [Seen(*row) for row in self._reads.execute(_SEEN, (project_id, HOUR, WEEK))]

    def catalog(self, project_id: str) -> Catalog:
        with self._reading:
            return catalog.read(self._reads, project_id)

    def prune(self, now: int) -> None:
        """Forgets the days that are older than ``KEPT_DAYS`` before the hour ``now``."""
        day = now // 24 - KEPT_DAYS
        with self._writing, self._writes as db:
            db.execute("DELETE FROM days WHERE day < ?", (day,))
            for table in ("taken", "refused", "pauses"):
                db.execute(f"DELETE FROM {table} WHERE hour < ?", (day * 24,))  # noqa: S608 - our own name
            db.execute("DELETE FROM sources WHERE last < ?", (day * DAY,))
            catalog.forget(db, now * HOUR, day * DAY)

    def close(self) -> None:
        self._writes.close()
        self._reads.close()


def _arrive(db: sqlite3.Connection, source: Source, arrivals: Collection[int]) -> None:
    row = db.execute(_LAST, source).fetchone()
    found = pauses(row[0] if row else None, arrivals)
    db.executemany(_PAUSE, [(*source, hour, longest) for hour, longest in found.items()])
    db.execute(_ARRIVE, (*source, min(arrivals), max(arrivals)))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection
