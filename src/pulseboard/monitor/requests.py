"""Each request that this server answers becomes a REQUEST event of the system project."""

from typing import NamedTuple, Protocol

import structlog

from pulseboard.errors import Unavailable
from pulseboard.ingest.event import Event, encode
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id
from pulseboard.spool.base import Parcel, Spool

log = structlog.get_logger(__name__)

PER_RECORD = 5_000  # events of one spool record


class Note(NamedTuple):
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
    """Collects notes in memory; ``flush`` (every second) puts them into the spool as one record."""

    def __init__(self, spool: Spool, project_id: str, clock: Clock) -> None:
        self._spool = spool
        self._project_id = project_id
        self._clock = clock
        self._notes: list[Note] = []

    def note(self, note: Note) -> None:
        self._notes.append(note)  # one operation of the interpreter, as is the swap below: no lock needed

    def flush(self) -> None:
        notes, self._notes = self._notes, []
        now = int(self._clock().timestamp() * 1000)
        for start in range(0, len(notes), PER_RECORD):
            events = [_event(note) for note in notes[start : start + PER_RECORD]]
            try:
                self._spool.put_now(Parcel(self._project_id, now, len(events), encode(events)))
            except Unavailable:  # a full spool must have room for others' events first
                log.warning("own requests not recorded", requests=len(notes) - start)
                return


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
