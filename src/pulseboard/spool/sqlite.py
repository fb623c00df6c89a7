"""The embedded spool: a journal for what comes, one SQLite file for what waits, group commit.

Requests that arrive together share a write, so the cost of an fsync is divided among them and every ``put`` still
returns only after its own bytes are on disk. A thread appends what came while it wrote the last group to the journal,
with one system call; the event loop goes on meanwhile. What is large it commits to the table. Whatever is in the
journal is moved into the table before the writer looks there, some thousand requests by one transaction.

What is committed to the table together is one row: SQLite lets go of the interpreter's lock at every statement, and
taking it back from a busy event loop costs more than the insert.
"""

import asyncio
import sqlite3
import threading
import uuid
import zlib
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import msgspec
import structlog

from pulseboard.errors import Unavailable, disk_named
from pulseboard.kit.clock import Clock, system_clock
from pulseboard.kit.periods import DAY
from pulseboard.kit.sqlite import connect, is_damage
from pulseboard.spool import dead
from pulseboard.spool.base import Backlog, Done, Lease, Parcel, Record
from pulseboard.spool.journal import Journal, Pending
from pulseboard.spool.mend import mend
from pulseboard.spool.room import RETRY_AFTER, Room

log = structlog.get_logger(__name__)

SCHEMA = (
    dead.SCHEMA
    + """
CREATE TABLE IF NOT EXISTS groups (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, received_at INTEGER NOT NULL, count INTEGER NOT NULL, sum INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS journal (one INTEGER PRIMARY KEY CHECK (one = 1), moved INTEGER NOT NULL);
"""
)
_PUT = "INSERT INTO groups (received_at, count, sum, body) VALUES (?, ?, ?, ?)"
_OLDEST = """
SELECT coalesce(max(seq) FILTER (WHERE total <= ? AND bytes <= ?), min(seq)) FROM (
    SELECT seq, sum(count) OVER oldest AS total, sum(size) OVER oldest AS bytes
    FROM (SELECT seq, count, length(body) AS size FROM groups ORDER BY seq LIMIT ?)
    WINDOW oldest AS (ORDER BY seq)
)
"""
_SIZE = "SELECT coalesce(sum(count), 0), coalesce(sum(length(body) + ?), 0) FROM groups"
_MOVED = "SELECT moved FROM journal"
_FIRST = "SELECT coalesce(CAST(received_at AS INTEGER), 0) FROM groups ORDER BY seq LIMIT 1"
# With casts, because the type of a value stands in its row too, and may have turned into another one.
_GROUP = """
SELECT seq, coalesce(CAST(received_at AS INTEGER), 0), coalesce(CAST(count AS INTEGER), 0), sum,
    coalesce(CAST(body AS BLOB), x'') FROM groups
"""
_UP_TO = _GROUP + " WHERE seq <= ? ORDER BY seq"
_GROUP_OVERHEAD = 32  # bytes a row costs beside its body, for the size bound
_PARCEL_OVERHEAD = 192  # bytes of a row that a parcel takes at most beside its body, when it is alone in it
_NO_TIME = 253_402_300_800_000  # ms since 1970; the year 10000. No number of a parcel is as large
# A few large requests may not become a batch that fills the memory, and would again after every start.
MAX_LEASE = 16 * 1024**2  # bytes of one lease, unless a single group is larger
MAX_GROUP = 8 * 1024**2  # bytes after which a group waits for nobody else
MAX_MOVED = 5_000  # events of a row that was in the journal: a lease is made of whole rows
SMALL = 16 * 1024  # bytes of a parcel that goes through the journal; a larger one is worth a commit
MOST_TOGETHER = MAX_GROUP // SMALL  # parcels of a turn that go on together
PREPARED_AFTER = 100  # parcels: who sends less needs no journal

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Parcel])


class _Pending(msgspec.Struct):
    parcel: Parcel
    done: Done
    loop: asyncio.AbstractEventLoop | None  # where ``done`` is called; None: in the committing thread


class SqliteSpool:
    """See ``spool.base.Spool``. Thread-safe; one process at a time (the data folder's lock sees to that)."""

    def __init__(self, path: Path, *, max_bytes: int, max_age: int = DAY, clock: Clock = system_clock) -> None:
        """``max_age`` is in ms. A damaged file is mended first."""
        self._path = path
        self._clock = clock
        self._room = Room(max_bytes, max_age)
        self._inserting = threading.Lock()
        self._reading = threading.Lock()
        self._looking = threading.Lock()
        self.dead = dead.SqliteDeadLetters()
        mend(path, SCHEMA, self._now())
        self._open()
        self._journal = Journal(path.with_suffix(".journal"))
        self._recover()
        self._turns: dict[asyncio.AbstractEventLoop, list[_Pending]] = {}  # what came in the running turn of a loop
        self._committing: int | None = None  # when the oldest part of the group was received that is on its way to disk
        self._arrived = threading.Event()
        self._queue: SimpleQueue[list[_Pending] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._commit_forever, name="spool", daemon=True)
        self._thread.start()
        if self._room.events:
            self._arrived.set()

    async def put(self, parcel: Parcel) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(error: Exception | None) -> None:
            if not future.done():  # the client may have gone away meanwhile
                future.set_exception(error) if error else future.set_result(None)

        self.put_soon(parcel, done)
        await future

    def put_soon(self, parcel: Parcel, done: Done) -> None:
        self._room.reserve(_weight(parcel), parcel.received_at)
        loop = asyncio.get_running_loop()
        pending = _Pending(parcel, done, loop)
        if len(parcel.body) > SMALL:
            self._queue.put([pending])
        elif (turn := self._turns.get(loop)) is not None:
            turn.append(pending)
        else:
            self._turns[loop] = [pending]
            loop.call_soon(self._end_turn, loop)

    def put_now(self, parcel: Parcel) -> None:
        self._room.reserve(_weight(parcel), parcel.received_at)
        future: Future[None] = Future()

        def done(error: Exception | None) -> None:
            future.set_exception(error) if error else future.set_result(None)

        self._queue.put([_Pending(parcel, done, None)])
        future.result()

    def lease(self, max_events: int, wait: float) -> Lease | None:
        if not self._arrived.wait(wait):
            return None
        self._arrived.clear()  # before the look: a record that comes after it sets the flag again
        try:
            failed = self._moved()
            lease = self._look(max_events)
            if lease is None and failed is not None:
                raise failed
        except BaseException:
            self._arrived.set()  # what could not be read still waits
            raise
        if lease is not None:
            self._arrived.set()
        return lease

    def ack(self, lease: Lease) -> None:
        last = int(lease.token.rpartition(":")[2])
        with self._writers() as db, db:
            events, size = db.execute(_SIZE + " WHERE seq <= ?", (_GROUP_OVERHEAD, last)).fetchone()
            db.execute("DELETE FROM groups WHERE seq <= ?", (last,))
            db.execute("DELETE FROM lease")
        self._room.empty(events, size)

    def bury(self, record: Record, reason: str) -> None:
        with self._writers() as db, db:
            dead.bury(db, record, reason, self._now())
        log.error("spool record buried", seq=record.seq, project_id=record.parcel.project_id, reason=reason)

    def buried(self, lease: Lease) -> set[tuple[int, int]]:
        with self._writers() as db:
            return dead.places(db, lease.records[0].seq, lease.records[-1].seq)

    def replay(self, id: int) -> bool:
        with disk_named(dead.WHAT), self._writers() as db:
            parcel = dead.parcel_of(db, id)
            if parcel is None:
                return False
            weight, now = _weight(parcel), self._now()
            row = _group_row([parcel])._replace(received_at=now)
            self._room.reserve(weight, parcel.received_at)
            try:
                with db:
                    dead.remove(db, id)
                    db.execute(_PUT, row)
            except BaseException:
                self._room.give_back(weight)
                raise
        self._room.fill(weight, parcel.events, len(row.body) + _GROUP_OVERHEAD, now)
        self._arrived.set()
        return True

    def backlog(self) -> Backlog:
        with self._looking, disk_named(dead.WHAT):
            # Before the look: what is committed or moved meanwhile is then in the table.
            coming = (self._committing, self._journal.oldest)
            waiting = self._looks.execute(_FIRST).fetchone()
        oldest = [moment for moment in (*coming, waiting and waiting[0]) if moment is not None]
        return Backlog(self._room.events, self._room.bytes, min(oldest, default=None))

    def check_room(self, at: int) -> None:
        self._room.reserve(_PARCEL_OVERHEAD, at)
        self._room.give_back(_PARCEL_OVERHEAD)

    def waiting(self) -> Iterator[Parcel]:
        with self._looking:
            for row in self._looks.execute(_GROUP + " ORDER BY seq"):
                for record in _records(row):
                    yield record.parcel

    def open_lease(self) -> str:
        with self._reading:
            last = self._leased_up_to()
        return "" if last is None else f"{self._name}:{last}"

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._moved()
        self._journal.close()
        self._inserts.close()
        self._reads.close()
        self._looks.close()
        self.dead.close()

    def _open(self) -> None:
        self._inserts = connect(self._path)
        self._inserts.isolation_level = None  # one statement is one transaction: BEGIN and COMMIT cost as much as it
        self._inserts.executescript(SCHEMA)
        self._reads = connect(self._path)
        self._looks = connect(self._path)  # of its own: who asks what waits must not wait for the writer's commits
        self.dead.open(connect(self._path))
        self._name = self._identity()
        self._measure()

    def _measure(self) -> None:
        events, size = self._reads.execute(_SIZE, (_GROUP_OVERHEAD,)).fetchone()
        first = self._reads.execute(_FIRST).fetchone()
        self._room.measure(events, size, first and first[0])

    @contextmanager
    def _writers(self) -> Iterator[sqlite3.Connection]:
        """The connection of whoever takes out; a damaged file is mended, so that the next try finds a sound one."""
        try:
            with self._reading:
                yield self._reads
        except sqlite3.DatabaseError as wrong:
            self._mend_after(wrong)
            raise

    def _mend_after(self, wrong: Exception) -> None:
        """Does at once what the next start would do, if it was damage; nobody uses the file meanwhile."""
        if not is_damage(wrong):
            return
        with self._inserting, self._reading, self._looking, self.dead.lock:
            for connection in (self._inserts, self._reads, self._looks, self.dead.db):
                connection.close()
            try:
                mend(self._path, SCHEMA, self._now(), known=True)
            except (sqlite3.Error, OSError) as worse:
                log.error("the event queue's file cannot be mended now", error=repr(worse))
            self._open()
            for held in self._journal.held():  # it waits as before
                events = sum(parcel.events for parcel in held.parcels)
                self._room.fill(0, events, _counted(held), held.parcels[0].received_at)

    def _now(self) -> int:
        return int(self._clock().timestamp() * 1000)

    def _identity(self) -> str:
        """A name of this very file: sequence numbers start again when an operator deletes it, tokens must not."""
        self._inserts.execute("INSERT OR IGNORE INTO identity VALUES (1, ?)", (uuid.uuid4().hex,))
        name: str = self._inserts.execute("SELECT name FROM identity").fetchone()[0]
        return name

    def _leased_up_to(self) -> int | None:
        row = self._reads.execute("SELECT last FROM lease").fetchone()
        return row[0] if row else None

    def _look(self, max_events: int) -> Lease | None:
        with self._writers() as db:
            last = self._leased_up_to()
            rows = [] if last is None else db.execute(_UP_TO, (last,)).fetchall()
            again = bool(rows)
            if not rows:  # also when what was leased could not be read any more
                last = self._begin_lease(max_events)
                rows = [] if last is None else db.execute(_UP_TO, (last,)).fetchall()
        if not rows:
            return None
        self._room.oldest = rows[0][1]
        return Lease(f"{self._name}:{last}", tuple(record for row in rows for record in _records(row)), again)

    def _begin_lease(self, max_events: int) -> int | None:
        """Writes down what belongs together before anyone sees it: a retry after a crash must be the same batch."""
        last: int | None = self._reads.execute(_OLDEST, (max_events, MAX_LEASE, max_events)).fetchone()[0]
        if last is not None:
            with self._reads:
                self._reads.execute("INSERT OR REPLACE INTO lease VALUES (1, ?)", (last,))
        return last

    def _recover(self) -> None:
        """Moves into the table what a process before this one left in the journal."""
        row = self._inserts.execute(_MOVED).fetchone()
        frames = self._journal.recover(row[0] if row else 0)
        if frames:
            self._insert_moved([_Group(*frame[1:]) for frame in frames], frames[-1].number)
            self._measure()
        if self._journal.exists():
            self._prepare()

    def _moved(self) -> Exception | None:
        """Moves what is in the journal into the table; what went wrong, if anything did. It is then tried again."""
        try:
            with self._inserting:
                pending = self._journal.pending()
                if pending is None:
                    return None
                rows = _rows(pending.parcels)
                self._insert_moved(rows, pending.last)
                self._journal.moved()
        except sqlite3.Error as wrong:
            log.error("spool moves nothing out of its journal", error=repr(wrong))
            self._mend_after(wrong)
            return wrong
        now = sum(len(row.body) + _GROUP_OVERHEAD for row in rows)
        self._room.fill(0, 0, now - _counted(pending), rows[0].received_at)
        return None

    def _insert_moved(self, rows: list["_Group"], last: int) -> None:
        with self._inserts as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_PUT, rows)
            db.execute("INSERT OR REPLACE INTO journal VALUES (1, ?)", (last,))

    def _end_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hands over what the turn brought at once: the loop has read all its sockets before this is called."""
        turn = self._turns.pop(loop)
        for start in range(0, len(turn), MOST_TOGETHER):
            self._queue.put(turn[start : start + MOST_TOGETHER])

    def _commit_forever(self) -> None:
        seen = 0
        while (group := self._queue.get()) is not None:
            ended = self._gather(group)
            if not self._append(group):
                self._commit(group)
            if ended:
                return
            seen += len(group)
            if seen > PREPARED_AFTER and not self._journal.ready:
                seen = 0
                self._prepare()

    def _gather(self, group: list[_Pending]) -> bool:
        """Adds what came while the last group was on its way; says whether nothing will come any more."""
        size = sum(len(pending.parcel.body) for pending in group)
        while size < MAX_GROUP and not self._queue.empty():
            more = self._queue.get()
            if more is None:
                return True
            group += more
            size += sum(len(pending.parcel.body) for pending in more)
        return False

    def _append(self, group: list[_Pending]) -> bool:
        """Makes a group of small parcels durable by one write; False when it is for the table."""
        if not self._journal.ready or any(len(pending.parcel.body) > SMALL for pending in group):
            return False
        parcels = [pending.parcel for pending in group]
        try:
            body, events, first = _encoder.encode(parcels), _events(parcels), _first(parcels)
            written = self._journal.append(parcels, first, body, events)
        except Exception as wrong:  # whatever it is, the table is left to try
            log.error("spool cannot use its journal", error=repr(wrong))
            return False
        if written:
            self._room.fill(sum(map(_weight, parcels)), events, len(body) + _GROUP_OVERHEAD, first)
            self._arrived.set()
            _wake(group, None)
        return written

    def _prepare(self) -> None:
        try:
            self._journal.prepare()
        except OSError as wrong:
            log.warning("spool goes on without a journal", error=repr(wrong))

    def _commit(self, group: list[_Pending]) -> None:
        error: Exception | None = None
        reserved = sum(_weight(pending.parcel) for pending in group)
        try:
            row = _group_row([pending.parcel for pending in group])
            self._committing = row.received_at
            with self._inserting:
                # A transaction of its own; for one row less often without the interpreter's lock than ``execute`` is.
                self._inserts.executemany(_PUT, (row,))
        except Exception as wrong:  # whatever it is: without this thread every request would wait for ever
            log.error("spool refuses", error=repr(wrong))
            error = Unavailable("Events cannot be made durable right now", retry_after=RETRY_AFTER)
            self._room.give_back(reserved)
            self._mend_after(wrong)
        else:
            self._room.fill(reserved, row.events, len(row.body) + _GROUP_OVERHEAD, row.received_at)
            self._arrived.set()
        self._committing = None
        _wake(group, error)


class _Group(NamedTuple):
    """What is committed together as one row. ``sum`` is the body's CRC-32: SQLite notices no byte that turned."""

    received_at: int
    events: int
    sum: int
    body: bytes


def _group_row(parcels: list[Parcel]) -> _Group:
    body = _encoder.encode(parcels)
    return _Group(_first(parcels), _events(parcels), zlib.crc32(body), body)


def _first(parcels: list[Parcel]) -> int:
    return min(parcel.received_at for parcel in parcels)


def _events(parcels: list[Parcel]) -> int:
    return sum(parcel.events for parcel in parcels)


def _rows(parcels: list[Parcel]) -> list[_Group]:
    """Groups of at most ``MAX_MOVED`` events, or of one parcel."""
    groups: list[list[Parcel]] = [[]]
    events = 0
    for parcel in parcels:
        if groups[-1] and events + parcel.events > MAX_MOVED:
            groups.append([])
            events = 0
        groups[-1].append(parcel)
        events += parcel.events
    return [_group_row(group) for group in groups]


def _counted(pending: Pending) -> int:
    """The bytes of what is in the journal, as they are counted as waiting."""
    return pending.size + pending.frames * _GROUP_OVERHEAD


def _weight(parcel: Parcel) -> int:
    return len(parcel.body) + _PARCEL_OVERHEAD


def _records(row: tuple[int, int, int, int, bytes]) -> list[Record]:
    """The parcels of a group, in order; one that nobody can read, if the bytes turned so that they mean nothing."""
    seq, received_at, count, check, body = row
    try:
        parcels = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        parcels = []
    sound = bool(parcels) and zlib.crc32(body) == check
    if not sound:
        parcels = _plausible(parcels) or [Parcel("", received_at, count, body)]
    return [Record(seq, part, parcel, sound) for part, parcel in enumerate(parcels)]


def _plausible(parcels: list[Parcel]) -> list[Parcel]:
    """Parcels of a damaged group, without what the quotas would believe; none if a number of one cannot be."""
    numbers = (number for parcel in parcels for number in (parcel.received_at, parcel.events, parcel.size))
    if not all(0 <= number < _NO_TIME for number in numbers):
        return []
    return [msgspec.structs.replace(parcel, charged=0, unstorable=0) for parcel in parcels]


def _wake(group: list[_Pending], error: Exception | None) -> None:
    """Tells everyone of the group; those who wait in an event loop by one hop into it, not one each."""
    loops: dict[asyncio.AbstractEventLoop, list[Done]] = {}
    for pending in group:
        if pending.loop is None:
            pending.done(error)
        else:
            loops.setdefault(pending.loop, []).append(pending.done)
    for loop, waiting in loops.items():
        try:
            loop.call_soon_threadsafe(_tell_all, waiting, error)
        except RuntimeError:  # the loop closed while the disk was busy: nobody waits any more
            log.warning("spool answered nobody", records=len(waiting))


def _tell_all(waiting: list[Done], error: Exception | None) -> None:
    for done in waiting:
        done(error)
