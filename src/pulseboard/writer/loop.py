"""Moves events from the spool into the store. One thread, one batch at a time:

1. lease   the oldest records, as one batch with a token that survives a crash
2. steps   decode, count once, number persons, assign sessions (``steps.py``)
3. enter   what came and what of it was new, in the ledger, once for the token
4. merge   whose anonymous past it tells; a person who went into another one stays there
5. insert  what is new, or of a batch that was begun before, what is not in the store
6. ack     the spool forgets the batch
7. tell    the quotas and the live view

Killed before 5 none of its events can be seen; in 5 or between 5 and 6 the same batch comes again, and what is in the
store already is left out. When the store does not answer, the batch is tried again for as long as it takes. A batch
that is refused goes in by its halves, each with a token of its own, and that is written down first, so that it never
again goes in as a whole. A record that no try can store is put aside with its reason and counted as refused, and the
rest goes on.
"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
import structlog

from pulseboard.errors import Unavailable
from pulseboard.kit.periods import hour_of
from pulseboard.ledger import UNSTORABLE, Ledger, Place, Refusal, Tally
from pulseboard.spool.base import Lease, Record, Spool
from pulseboard.store import RowsRefused, Store
from pulseboard.store.events import any_events
from pulseboard.writer.columns import Row
from pulseboard.writer.steps import Steps

log = structlog.get_logger(__name__)

MAX_EVENTS = 20_000  # per batch: parts of a useful size, a memory of some tens of MB
PACE = 0.4  # seconds from one batch's beginning to the next: an insert costs the engine as much as a thousand rows
WAIT = 0.5  # seconds to wait for the first event before looking whether to stop
BACKOFF = (0.1, 0.5, 1.0, 2.0, 5.0)  # seconds between tries while the store does not answer

# The machine's trouble, not the rows': it passes, and nothing may be buried for it.
_TROUBLE = (Unavailable, sqlite3.Error, OSError, MemoryError)

Tell = Callable[[list[Row]], None]
Settle = Callable[[Sequence[Record], Mapping[Place, Tally]], None]


class _Unstorable(Exception):
    """No try will store this batch as it is; nothing of it went in."""


class Writer:
    """The writer's thread. ``stop`` lets it finish what is in the spool first.

    ``settle`` learns which records are done and how much of them was new, ``tell`` the rows that were stored.
    """

    def __init__(self, spool: Spool, store: Store, steps: Steps, ledger: Ledger, *, settle: Settle, tell: Tell) -> None:
        self._spool = spool
        self._store = store
        self._steps = steps
        self._ledger = ledger
        self._settle = settle
        self._tell = tell
        self._encoder = msgspec.json.Encoder()
        self._stopping = threading.Event()
        self._busy = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Stops after the spool is empty, or after ``patience`` seconds; what is left waits on disk."""
        self._give_up_at = time.monotonic() + patience
        self._stopping.set()
        self._thread.join(patience + WAIT + BACKOFF[-1])

    def drain(self) -> int:
        """Writes all that is in the spool, in the caller's thread; says how many rows went in (importers, tests)."""
        written = 0
        while (lease := self._spool.lease(MAX_EVENTS, 0)) is not None:
            written += self._write(lease)
        return written

    @contextmanager
    def still(self) -> Iterator[None]:
        """No batch is written meanwhile; what comes waits in the spool."""
        with self._busy:
            yield

    def forget_ids(self, project: str, ids: Sequence[str]) -> None:
        """See ``Steps``; only while the writer is still."""
        self._steps.forget_ids(project, ids)

    def forget_persons(self, project: str, persons: Sequence[int]) -> None:
        """See ``Steps``; only while the writer is still."""
        self._steps.forget_persons(project, persons)

    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while not self._done():
            try:
                began = time.monotonic()
                lease = self._spool.lease(MAX_EVENTS, 0 if self._stopping.is_set() else WAIT)
                if lease is None:
                    if self._stopping.is_set():
                        return
                    continue
                written = self._write(lease)
                failures = 0
            except Exception:
                log.exception("writer failed; the batch is tried again")
                self._stopping.wait(BACKOFF[min(failures, len(BACKOFF) - 1)])
                failures += 1
            else:
                if written < MAX_EVENTS // 2:
                    self._stopping.wait(max(0.0, began + PACE - time.monotonic()))

    def _done(self) -> bool:
        return self._stopping.is_set() and time.monotonic() > self._give_up_at

    def _write(self, lease: Lease) -> int:
        with self._busy:
            return self._write_still(lease)

    def _write_still(self, lease: Lease) -> int:
        stored = _Stored(lease, self._spool.buried(lease))
        self._store_part(lease.records, lease.token, stored)
        self._spool.ack(lease)
        self._settle(lease.records, stored.sums)
        self._tell(stored.rows)
        return len(stored.rows)

    def _store_part(self, records: Sequence[Record], token: str, stored: "_Stored") -> None:
        """Stores a part of a lease under a token of its own, or as much of it as can be stored."""
        if len(records) == 1:
            self._store_one(records[0], token, stored)
        elif self._steps.is_apart(token) or not self._store_whole(records, token, stored):
            middle = len(records) // 2
            for half in (records[:middle], records[middle:]):
                first, last = half[0], half[-1]
                name = f"{stored.lease}/{first.seq}.{first.part}-{last.seq}.{last.part}"
                self._store_part(half, name, stored)

    def _store_whole(self, records: Sequence[Record], token: str, stored: "_Stored") -> bool:
        try:
            self._store_rows(records, token, stored)
        except _Unstorable as wrong:
            log.warning("records refused; their halves are tried", records=len(records), reason=str(wrong))
            self._ledger.forget(token)  # first: what is set apart is never looked at as a whole again
            self._steps.set_apart(records, token)
            stored.again = True
            return False
        return True

    def _store_one(self, record: Record, token: str, stored: "_Stored") -> None:
        if (record.seq, record.part) not in stored.buried:
            try:
                self._store_rows([record], token, stored)
            except _Unstorable as wrong:
                self._steps.release([record], token)
                self._ledger.forget(token)
                self._spool.bury(record, str(wrong))  # from here on no try stores it, so it can be counted
            else:
                return
        self._amend([record], token, stored, events=record.parcel.events)

    def _store_rows(self, records: Sequence[Record], token: str, stored: "_Stored") -> None:
        if not all(record.sound for record in records):
            raise _Unstorable("Its bytes changed on disk")
        try:
            rows, brought = self._steps.rows(records, token)
            missing = self._steps.missing(rows) if stored.again else rows
        except _TROUBLE:  # the same batch again, later
            raise
        except Exception as wrong:
            any_events(self._store)  # fails where the store itself is wrong, and not the rows
            raise _Unstorable(_reason(wrong)) from wrong
        sums = self._ledger.record(stored.lease, token, brought)
        self._amend([record for record in records if record.parcel.unstorable], token, stored)
        self._steps.merge(rows)  # after the ledger, which knows from now on that their days changed
        if missing:
            try:
                self._store.insert("events", self._encoder.encode_lines(missing))
            except RowsRefused as wrong:
                raise _Unstorable("The event store does not take it") from wrong
        stored.add(rows, sums)

    def _amend(self, records: Sequence[Record], token: str, stored: "_Stored", *, events: int = 0) -> None:
        """Counts ``events`` of each record as refused, instead of those that were before."""
        changes: Counter[Refusal] = Counter()
        for record in records:
            if record.parcel.project_id:
                changes[_refusal(record)] += events - record.parcel.unstorable
        if any(changes.values()):
            self._ledger.amend(stored.lease, token, changes)


def _reason(wrong: Exception) -> str:
    if isinstance(wrong, msgspec.DecodeError | UnicodeDecodeError):
        return f"Its bytes are no events: {wrong}"
    return f"{type(wrong).__name__}: {wrong}"


def _refusal(record: Record) -> Refusal:
    """How a record that cannot be stored is counted: when it came, so that a later try knows what to take back."""
    parcel = record.parcel
    return Refusal(parcel.project_id, parcel.source, hour_of(parcel.received_at), UNSTORABLE)


class _Stored:
    """What of a lease is in the store; ``buried`` are the places of what was put aside before a crash.

    ``again`` says that more of it may be there than is known here.
    """

    def __init__(self, lease: Lease, buried: set[tuple[int, int]]) -> None:
        self.lease = lease.token
        self.again = lease.again
        self.buried = buried
        self.rows: list[Row] = []
        self.sums: dict[Place, Tally] = {}

    def add(self, rows: list[Row], sums: Mapping[Place, Tally]) -> None:
        self.rows += rows
        for place, tally in sums.items():
            had = self.sums.get(place)
            self.sums[place] = tally if had is None else Tally(*map(int.__add__, had, tally))
