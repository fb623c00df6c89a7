"""One request is done once, however often it comes."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from pulseboard.db import Database
from pulseboard.errors import Conflict, Invalid
from pulseboard.kit.clock import Clock
from pulseboard.repeats import queries
from pulseboard.repeats.models import RepeatedAnswer

LIFE = timedelta(hours=24)
MOST = 256 * 1024  # bytes of an answer that is kept
_UNDER_WAY = 0
_NOT_KEPT = "too-large"


@dataclass(frozen=True, slots=True)
class Request:
    """``who`` is the actor, ``key`` their Idempotency-Key, ``content`` everything that makes the request what it is."""

    who: str
    key: str
    content: bytes

    @property
    def id(self) -> str:
        """What it is found by."""
        return hashlib.sha256(f"{len(self.who)}:{self.who}:{self.key}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first request was answered."""

    status: int
    body: bytes
    media_type: str


def begin(db: Database, clock: Clock, request: Request) -> Answer | None:
    """The answer that the request got before; None when it is the first, which has to ``finish`` or ``forget``.

    Raises:
        Invalid: the key was used for another request.
        Conflict: the first one is under way, or nobody knows what became of it: the server ended in the midst of it.
    """
    now, content = clock(), hashlib.sha256(request.content).hexdigest()
    try:
        with db.write() as session:
            known = session.get(RepeatedAnswer, request.id)
            if known is not None and now - known.created_at >= LIFE:
                session.delete(known)
                session.flush()
                known = None
            if known is None:
                session.add(RepeatedAnswer(id=request.id, request_hash=content, created_at=now))
                return None
    except IntegrityError as twin:  # where two can write at once
        raise _under_way() from twin
    if known.request_hash != content:
        raise Invalid.field("Idempotency-Key", "was used for another request; take a new one")
    if known.status == _UNDER_WAY:
        raise _under_way()
    if known.media_type == _NOT_KEPT:
        raise Conflict("This was done already; its answer was too large to be kept", type="idempotency-done")
    return Answer(known.status, known.body, known.media_type)


def finish(db: Database, request: Request, answer: Answer) -> None:
    """Keeps what the request was answered."""
    body, media_type = (answer.body, answer.media_type) if len(answer.body) <= MOST else (b"", _NOT_KEPT)
    with db.write() as session:
        queries.keep(session, request.id, answer.status, body, media_type)


def forget(db: Database, request: Request) -> None:
    """Lets the request be tried again: it came to nothing."""
    with db.write() as session:
        queries.drop(session, request.id)


def tidy(db: Database, clock: Clock) -> None:
    """Drops what is older than a day."""
    with db.write() as session:
        queries.drop_older(session, clock() - LIFE)


def _under_way() -> Conflict:
    return Conflict("The first request with this Idempotency-Key is under way", type="idempotency-busy")
