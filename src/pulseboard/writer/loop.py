"""Moves events from the spool into the store. One thread, one batch at a time:

1. lease   the oldest records, as one batch with a token that survives a crash
2. steps   decode, count once, number persons, assign sessions (``steps.py``)
3. insert  with the token: the store takes the same batch once
4. ack     the spool forgets the batch
5. tell    the live view

Killed before 3 nothing has happened; between 3 and 4 the same batch comes again and the store refuses the double. When
the store does not answer, the batch is tried again for as long as it takes. A batch that is refused goes in record by
record, and that is written down first, so that it never again goes in as a whole. A record that no try can store is
buried with its reason, and the rest goes on.
"""

import sqlite3
import threading
import time
from collections.abc import Callable

import msgspec
import structlog

from pulseboard.errors import AppError
from pulseboard.spool.base import Lease, Record, Spool
from pulseboard.store import RowsRefused, Store
from pulseboard.writer.columns import Row
from pulseboard.writer.steps import Steps

log = structlog.get_logger(__name__)

MAX_EVENTS = 20_000  # per batch: parts of a useful size, a memory of some tens of MB
PACE = 0.4  # seconds from one batch's beginning to the next: an insert costs the engine as much as a thousand rows
WAIT = 0.5  # seconds to wait for the first event before looking whether to stop
BACKOFF = (0.1, 0.5, 1.0, 2.0, 5.0)  # seconds between tries while the store does not answer

# The machine's trouble, not the rows': it passes, and nothing may be buried for it.
_TROUBLE = (AppError, sqlite3.Error, OSError, MemoryError)

Tell = Callable[[list[Row]], None]


class _Unstorable(Exception):
    """No try will store this batch as it is; nothing of it went in."""


class Writer:
    """The writer's thread. ``stop`` lets it finish what is in the spool first."""

    def __init__(self, spool: Spool, store: Store, steps: Steps, tell: Tell) -> None:
        self._spool = spool
        self._store = store
        self._steps = steps
        self._tell = tell
        self._encoder = msgspec.json.Encoder()
        self._stopping = threading.Event()
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
        rows = None if self._steps.is_apart(lease.token) else self._store_whole(lease)
        if rows is None:
            self._steps.set_apart(lease.token)
            rows = [row for record in lease.records for row in self._store_alone(record, lease.token)]
        self._spool.ack(lease)
        self._tell(rows)
        return len(rows)

    def _store_whole(self, lease: Lease) -> list[Row] | None:
        try:
            return self._store_rows(lease.records, lease.token)
        except _Unstorable as wrong:
            log.warning("batch refused; its records are tried one by one", reason=str(wrong))
            return None

    def _store_rows(self, records: tuple[Record, ...], token: str) -> list[Row]:
        try:
            rows = self._steps.rows(records, token)
        except _TROUBLE:  # the same batch again, later
            raise
        except Exception as wrong:
            raise _Unstorable(repr(wrong)) from wrong
        if rows:
            try:
                self._store.insert("events", self._encoder.encode_lines(rows), token=token)
            except RowsRefused as wrong:
                raise _Unstorable(str(wrong)) from wrong
        return rows

    def _store_alone(self, record: Record, token: str) -> list[Row]:
        own_token = f"{token}/{record.seq}.{record.part}"
        try:
            return self._store_rows((record,), own_token)
        except _Unstorable as wrong:
            self._steps.release(own_token)
            self._spool.bury(record, str(wrong))
            return []
