"""``POST /events``: one event a request, told apart by its type."""

import msgspec

from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import Moment, Name, Properties, RawEvent
from pulseboard.ingest.shape import Shape


class TypedEvent(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """An event whose name may be left out: it is the type then."""

    type: Name
    name: Name | None = None
    timestamp: Moment | None = None
    user_id: Name | int | None = None
    properties: Properties | None = None
    id: Name | None = None


def _raw(event: TypedEvent) -> RawEvent:
    return RawEvent(
        name=event.name or event.type,
        type=event.type,
        timestamp=event.timestamp,
        user_id=event.user_id,
        properties=event.properties,
        id=event.id,
    )


SHAPE = Shape(TypedEvent, _raw)


def parse(body: bytes) -> Parsed:
    """The event of a body.

    Raises:
        Malformed: not JSON.
    """
    return Parsed((SHAPE.made_of(0, SHAPE.one(body)),))
