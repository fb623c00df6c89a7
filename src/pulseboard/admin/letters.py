"""Dead letters: seen whole, changed by nobody, tried again or thrown away by who they belong to."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from pulseboard.admin.schemas import DeadLetterOut, LetterEventOut, OpenLetterOut
from pulseboard.errors import Conflict, Invalid, NotFound
from pulseboard.ingest.event import Event
from pulseboard.kit.clock import rfc3339_of
from pulseboard.spool.base import DeadLetter, DeadLetters, Spool

MOST_EVENTS = 100  # shown of one letter
MOST_BYTES = 1024 * 1024  # of its events, so that an answer stays one
HEAD = 256  # bytes shown of what cannot be read

Properties = dict[str, Any]
Conceal = Callable[[str, Properties], Properties]  # project, what came -> what the project would have stored

_packed = msgspec.msgpack.Decoder(list[msgspec.Raw])
_event = msgspec.msgpack.Decoder(Event)


def open_letter(dead: DeadLetters, letter_id: str, project_id: str | None = None) -> tuple[DeadLetter, bytes]:
    """A letter and its body; with ``project_id``, only one of that project.

    Raises:
        NotFound: there is none.
    """
    found = dead.one(int(letter_id)) if _is_id(letter_id) else None
    if found is None or (project_id is not None and found[0].project_id != project_id):
        raise NotFound("There is no such dead letter")
    return found


def replay(spool: Spool, letter: DeadLetter) -> None:
    """Puts the letter back into the queue.

    Raises:
        NotFound: somebody else was faster.
        Conflict: nothing of it can be read, so no try will store it.
        Unavailable: the queue is full.
    """
    if not letter.project_id:
        raise Conflict("Nothing of it can be read, so no try will store it")
    if not spool.replay(letter.id):
        raise NotFound("There is no such dead letter")


def discard(dead: DeadLetters, letter: DeadLetter) -> None:
    """Deletes the letter for good.

    Raises:
        NotFound: somebody else was faster.
    """
    if not dead.discard(letter.id):
        raise NotFound("There is no such dead letter")


def before(cursor: str | None) -> int | None:
    """
    Raises:
        Invalid: the cursor is none of ours.
    """
    if cursor is not None and not _is_id(cursor):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return None if cursor is None else int(cursor)


def shown(letter: DeadLetter, project_name: str | None) -> DeadLetterOut:
    return DeadLetterOut(
        id=str(letter.id),
        reason=letter.reason,
        project_id=letter.project_id or None,
        project_name=project_name,
        source=letter.source,
        events=letter.events,
        bytes=letter.bytes,
        received_at=rfc3339_of(letter.received_at),
        buried_at=rfc3339_of(letter.buried_at),
    )


def shown_open(letter: DeadLetter, body: bytes, project_name: str | None, conceal: Conceal) -> OpenLetterOut:
    """The letter with as much of its events as can be read, and as little as the project would have stored of them.

    Raises:
        Unavailable: what the project collects cannot be read now.
    """
    told = msgspec.structs.asdict(shown(letter, project_name))
    contents = list(_contents(body, lambda properties: conceal(letter.project_id, properties)))
    return OpenLetterOut(**told, contents=contents, head="" if contents else body[:HEAD].hex())


def _contents(body: bytes, conceal: Callable[[Properties], Properties]) -> Iterator[LetterEventOut]:
    try:
        packed = _packed.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    size = 0
    for index, raw in enumerate(packed[:MOST_EVENTS]):
        size += len(raw)
        if size > MOST_BYTES:
            return
        yield _readable(index, bytes(raw), conceal)


def _readable(index: int, raw: bytes, conceal: Callable[[Properties], Properties]) -> LetterEventOut:
    try:
        event = _event.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return LetterEventOut(index, None, raw[:HEAD].hex())
    return LetterEventOut(index, _told(event, conceal(event.properties)), None)


def _told(event: Event, properties: Properties) -> dict[str, object]:
    """The event, but for the address and the browser behind it, which are nobody's to read."""
    told = {
        "id": event.id,
        "type": event.type,
        "name": event.name,
        "timestamp": rfc3339_of(event.timestamp),
        "userId": event.user_id,
        "anonymousId": event.anonymous_id,
        "sessionId": event.session_id,
        "properties": properties,
    }
    return {name: value for name, value in told.items() if value}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
