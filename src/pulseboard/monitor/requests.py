"""The requests that this server answers become REQUEST events of the system project.

A quiet server's all do. Of a busy one's, a hundred a second of each kind do (same route, same status), and one LOG
event says how many more there were: an event of our own for every event that comes would be half of the writer's work.
"""

import threading
from typing import Protocol

import msgspec
import structlog

from pulseboard.errors import Unavailable
from pulseboard.ingest.event import Event, encode
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id
from pulseboard.ledger import OWN
from pulseboard.spool.base import Parcel, Spool

log = structlog.get_logger(__name__)

LISTED = 100  # requests of a kind that become events of their own, between two flushes
Kind = tuple[str, str, int]  # method, endpoint, status


class Note(msgspec.Struct, frozen=True, gc=False):
    """One answered request. ``endpoint`` is the route's template, never a path with somebody's id in it."""

    at: int  # ms since 1970
    method: str
    endpoint: str
    status: int
    duration_ms: float


class Watching(Protocol):
    def note(self, note: Note) -> None: ...
    def flush(self) -> None: ...


class Silent:
    """The monitor of a server that is told not to watch itself."""

    def note(self, note: Note) -> None:
        pass

    def flush(self) -> None:
        pass


class Monitor:
    """Collects notes in memory; ``flush`` (every second) puts them into the spool as one parcel."""

    def __init__(self, spool: Spool, project_id: str, clock: Clock) -> None:
        self._spool = spool
        self._project_id = project_id
        self._clock = clock
        self._lock = threading.Lock()
        self._notes: list[Note] = []
        self._counts: dict[Kind, int] = {}

    def note(self, note: Note) -> None:
        kind = (note.method, note.endpoint, note.status)
        with self._lock:
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            if count <= LISTED:
                self._notes.append(note)

    def flush(self) -> None:
        with self._lock:
            notes, self._notes = self._notes, []
            counts, self._counts = self._counts, {}
        now = int(self._clock().timestamp() * 1000)
        events = [_event(note) for note in notes]
        events += [_unlisted(kind, count - LISTED, now) for kind, count in counts.items() if count > LISTED]
        if not events:
            return
        try:
            self._spool.put_now(Parcel(self._project_id, now, len(events), encode(events), OWN))
        except Unavailable:  # a full spool must have room for others' events first
            log.warning("own requests not recorded", requests=len(notes))


def _event(note: Note) -> Event:
    return Event(
        new_id(),
        False,
        "REQUEST",
        note.endpoint,
        note.at,
        properties={
            "method": note.method,
            "endpoint": note.endpoint,
            "status_code": note.status,
            "duration_ms": note.duration_ms,
        },
    )


def _unlisted(kind: Kind, requests: int, now: int) -> Event:
    method, endpoint, status = kind
    properties = {"method": method, "endpoint": endpoint, "status_code": status, "value": requests}
    return Event(new_id(), False, "LOG", "requests not listed", now, properties=properties)
