"""``POST /api/events/``: one event a request, whose user and session stand among its properties."""

from collections.abc import Mapping
from typing import Any

import msgspec

from pulseboard.errors import FieldError, Invalid, sentence
from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import MAX_NAME, Moment, Name, Properties, RawEvent
from pulseboard.ingest.shape import Shape

_PERSONAL = ("user_id", "anonymous_id", "session_id")  # properties that are also fields of the event


class CustomEvent(msgspec.Struct, forbid_unknown_fields=True):
    """An event of the app's own. ``id`` makes sending it again harmless."""

    event: Name
    timestamp: Moment | None = None
    properties: Properties | None = None
    id: Name | None = None


def _raw(event: CustomEvent) -> RawEvent:
    properties: dict[str, Any] = event.properties or {}
    if faults := tuple(_faults(properties)):
        raise Invalid(sentence(faults), errors=faults)
    return RawEvent(
        name=event.event,
        timestamp=event.timestamp,
        user_id=properties.get("user_id"),
        anonymous_id=properties.get("anonymous_id"),
        session_id=properties.get("session_id"),
        properties=properties,
        id=event.id,
    )


def _faults(properties: Mapping[str, object]) -> list[FieldError]:
    wrong = [name for name in _PERSONAL if not _names_somebody(properties.get(name))]
    return [FieldError(f"properties.{name}", f"must be a number or 1 to {MAX_NAME} characters") for name in wrong]


def _names_somebody(value: object) -> bool:
    if isinstance(value, str):
        return 1 <= len(value) <= MAX_NAME
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


SHAPE = Shape(CustomEvent, _raw)


def parse(body: bytes) -> Parsed:
    """The event of a body.

    Raises:
        Malformed: not JSON.
    """
    return Parsed((SHAPE.made_of(0, SHAPE.one(body)),))
