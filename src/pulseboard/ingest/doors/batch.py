"""``POST /ingest/batch``: up to 5,000 events a request; the good are kept and the bad are listed."""

from collections.abc import Sequence

import msgspec

from pulseboard.errors import Invalid
from pulseboard.ingest.faults import readable
from pulseboard.ingest.parsed import Parsed, Rejected
from pulseboard.ingest.raw import NUL, RawEvent, faults_of

MAX_EVENTS = 5_000


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    events: list[RawEvent]


class _Pieces(msgspec.Struct, forbid_unknown_fields=True):
    events: list[msgspec.Raw]


_batch = msgspec.json.Decoder(_Batch)
_pieces = msgspec.json.Decoder(_Pieces)
_event = msgspec.json.Decoder(RawEvent)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def parse(body: bytes) -> Parsed:
    """The events of a body, the bad ones with their faults.

    Raises:
        Malformed: not JSON.
        Invalid: not a batch, or one of more than 5,000 events.
    """
    raws = _raws(body)
    if len(raws) > MAX_EVENTS:
        raise Invalid.field("events", f"has {len(raws)} events; at most {MAX_EVENTS} are taken at once")
    checked = [raw if isinstance(raw, RawEvent) else _checked(index, raw) for index, raw in enumerate(raws)]
    return Parsed(checked, many=True)


def _raws(body: bytes) -> Sequence[object]:
    """Each event as the decoder took it, else as a plain JSON value; one bad event does not slow 4,999 good ones."""
    if NUL not in body:
        try:
            return _batch.decode(body).events
        except _UNREADABLE:
            pass
    try:
        pieces = _pieces.decode(body).events
    except _UNREADABLE:
        return _values(readable(body))
    return [_raw(bytes(piece)) for piece in pieces]


def _raw(piece: bytes) -> object:
    if NUL not in piece:
        try:
            return _event.decode(piece)
        except _UNREADABLE:
            pass
    return readable(piece)


def _values(value: object) -> list[object]:
    if not isinstance(value, dict):
        raise Invalid.field("", "must be an object with a list of events")
    if unknown := next((key for key in value if key != "events"), None):
        raise Invalid.field(unknown[:200], "is not a known field")
    events = value.get("events")
    if not isinstance(events, list):
        raise Invalid.field("events", "must be a list" if "events" in value else "is required")
    return events


def _checked(index: int, value: object) -> RawEvent | Rejected:
    if faults := faults_of(value):
        return Rejected(index, faults)
    return msgspec.convert(value, RawEvent)
