"""What a client may write about one event, and how that becomes the canonical event."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from pulseboard.errors import Invalid
from pulseboard.ingest.event import Event
from pulseboard.kit.ids import new_id
from pulseboard.kit.periods import DAY

MAX_NAME = 200  # characters, of names, types and ids
MAX_PROPERTIES = 64 * 1024  # bytes of the merged properties as JSON, unless the plan says otherwise
MAX_DEPTH = 8  # levels of objects and lists in the properties
MAX_AHEAD = DAY  # clocks run fast, but not by more than a time zone

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Scalar = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | float | bool | None
# Written out level by level, so that the decoder itself refuses deeper nesting, in C.
_Level1 = _Scalar | list[_Scalar] | dict[str, _Scalar]
_Level2 = _Scalar | list[_Level1] | dict[str, _Level1]
_Level3 = _Scalar | list[_Level2] | dict[str, _Level2]
_Level4 = _Scalar | list[_Level3] | dict[str, _Level3]
_Level5 = _Scalar | list[_Level4] | dict[str, _Level4]
_Level6 = _Scalar | list[_Level5] | dict[str, _Level5]
_Level7 = _Scalar | list[_Level6] | dict[str, _Level6]
Properties = dict[str, _Level7]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
NUL = b"\\u0000"  # as JSON must write it; no column can hold it
_encoder = msgspec.json.Encoder()


class RawEvent(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """One event as ``POST /ingest/event`` takes it, and what every other door makes of its own kind.

    ``metadata``, ``payload`` and ``properties`` are merged in this order, later wins.
    """

    name: Name
    type: Name | None = None
    user_id: Name | int | None = None
    anonymous_id: Name | int | None = None
    session_id: Name | int | None = None
    timestamp: Moment | None = None
    id: Name | None = None
    metadata: Properties | None = None
    payload: Properties | None = None
    properties: Properties | None = None


class Bounds(msgspec.Struct, frozen=True, gc=False):
    """What a plan lets in: the oldest moment, the newest, and bytes of merged properties."""

    oldest: int  # ms since 1970
    newest: int
    property_bytes: int


def bounds_at(now: int, retention: int, property_bytes: int = MAX_PROPERTIES) -> Bounds:
    """The bounds of what comes ``now`` (ms since 1970), where events are kept for ``retention`` ms."""
    return Bounds(now - retention, now + MAX_AHEAD, property_bytes)


def canonical(raw: RawEvent, now: int, bounds: Bounds, *, may_be_large: bool = False) -> Event:
    """The canonical event of a checked raw one; ``now`` is when it was received, in ms since 1970.

    Raises:
        Invalid: a time that is too old or too far ahead; with ``may_be_large``, also properties that are too large.
    """
    properties = merged(raw)
    if may_be_large and len(_encoder.encode(properties)) > bounds.property_bytes:
        raise Invalid.field("properties", f"is larger than {bounds.property_bytes // 1024} KiB")
    return Event(
        raw.id or new_id(),
        raw.id is not None,
        raw.type or "CUSTOM",
        raw.name,
        now if raw.timestamp is None else _milliseconds(raw.timestamp, bounds),
        _text(raw.user_id),
        _text(raw.anonymous_id),
        _text(raw.session_id),
        "",
        properties,
    )


def merged(raw: RawEvent) -> dict[str, Any]:
    """``metadata``, ``payload``, ``properties`` in this order, later wins."""
    if raw.metadata is None and raw.payload is None:
        return raw.properties or {}
    return {**(raw.metadata or {}), **(raw.payload or {}), **(raw.properties or {})}


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _milliseconds(moment: datetime, bounds: Bounds) -> int:
    at = (moment - _EPOCH) // _MILLISECOND
    if at > bounds.newest:
        raise Invalid.field("timestamp", "is more than a day ahead")
    if at < bounds.oldest:
        raise Invalid.field("timestamp", "is older than the events that are kept")
    return at
