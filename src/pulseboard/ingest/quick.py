"""The quick way through a keyed door: only what goes well, and without waiting for anything but the disk.

Whatever is unusual (an unknown key, a wrong field, a packed body, a quota at its edge) is left alone, unchanged and
uncounted, for the ordinary way in ``routes.py``, which knows how to refuse.
"""

import time
from collections.abc import Callable, Mapping

from pulseboard.errors import AppError
from pulseboard.ingest import quota
from pulseboard.ingest.answers import raw_refusal
from pulseboard.ingest.doors import DOORS, Door
from pulseboard.ingest.gate import Gate
from pulseboard.ingest.intake import Intake, sort_out
from pulseboard.kit.clock import Clock
from pulseboard.kit.rate import Standing, rate_headers
from pulseboard.projects import Grant
from pulseboard.spool.base import Spool

_JSON = b"application/json"
_ACCEPTED = b"HTTP/1.1 202 Accepted\r\n"
_HEADERS = (
    b"content-type: application/json\r\naccess-control-allow-origin: *\r\nx-content-type-options: nosniff\r\n"
    b"ratelimit-limit: %d\r\nratelimit-remaining: %d\r\nratelimit-reset: %d\r\ncontent-length: %d\r\n\r\n%b"
)

Answered = Callable[[bytes, bytes], None]
Taken = tuple[Intake, Standing]  # a request on its way to the disk
Note = Callable[
    [int, float, str, int], None
]  # when it came (ms since 1970), began (perf_counter), the door, the status


class QuickDoors:
    """The keyed doors behind the short way of ``web.doors``; ``note`` learns of every answer."""

    def __init__(self, gate: Gate, spool: Spool, clock: Clock, note: Note) -> None:
        self._gate = gate
        self._spool = spool
        self._clock = clock
        self._note = note
        keyed = [door for door in DOORS if door.quick]
        self._doors = {(path + slash).encode(): door for door in keyed for path in door.paths for slash in ("", "/")}
        self.urls = frozenset(self._doors)

    def take(self, url: bytes, headers: Mapping[bytes, bytes], body: bytes, answered: Answered) -> bool:
        """Takes a request and calls ``answered`` once it is on disk; False leaves it untouched."""
        began = time.perf_counter()
        door = self._doors[url]
        taken = _take(self._gate, door, headers, body, int(self._clock().timestamp() * 1000))
        if taken is None:
            return False
        intake, standing = taken

        def done(error: Exception | None) -> None:
            if error is None:
                status, line, rest = 202, _ACCEPTED, _accepted(intake.answer(), standing)
            else:
                quota.give_back(intake)
                refusal = error if isinstance(error, AppError) else AppError()
                status, line, rest = refusal.status, *raw_refusal(refusal, rate_headers(standing))
            answered(line, rest)
            self._note(intake.at, began, door.paths[0], status)

        try:
            self._spool.put_soon(intake.parcel(), done)
        except AppError:
            quota.give_back(intake)
            return False
        return True


def _take(
    gate: Gate, door: Door, headers: Mapping[bytes, bytes], body: bytes, at: int
) -> tuple[Intake, Standing] | None:
    """Takes what came ``at`` (ms since 1970) up to, but not into, the spool; None when it is not for here."""
    grant = _grant(gate, headers)
    if grant is None or grant.particular or len(body) > door.limit_for(grant):
        return None
    try:
        parsed = (door.plain or door.parse)(body)
        if parsed is None:
            return None
        intake = sort_out(parsed, grant, at, len(body), None)
    except AppError:
        return None
    if intake.rejected or intake.unfit or not intake.events or not quota.charge(intake):
        return None
    standing = gate.keys.hit(grant.key_id)
    if not standing.allowed:
        quota.give_back(intake)
        return None
    gate.grants.touch(grant.key_id)
    return intake, standing


def _accepted(body: bytes, standing: Standing) -> bytes:
    return _HEADERS % (standing.limit, standing.remaining, standing.reset, len(body), body)


def _grant(gate: Gate, headers: Mapping[bytes, bytes]) -> Grant | None:
    """The grant of a plain JSON request with its key in the usual header, if it was looked up within a second."""
    if headers.get(b"content-type", _JSON) != _JSON or b"content-encoding" in headers:
        return None
    key = headers.get(b"x-api-key")
    return gate.cached(key.decode("latin-1")) if key else None
