"""Persons on the wire."""

from typing import Annotated, Any

from msgspec import Meta

from pulseboard.insights import EventOut, MetaOut
from pulseboard.kit.wire import Out, Timestamp

Count = Annotated[int, Meta(ge=0)]


class PersonOut(Out):
    """``id`` names the person in paths: the user id, else the anonymous id. Counts are of the asked period."""

    id: str
    user_id: Annotated[str, Meta(description="Empty for somebody of whom only anonymous ids are known.")]
    anonymous_id: Annotated[str, Meta(description="The last one; empty where there is none.")]
    first_seen_at: Timestamp
    last_seen_at: Timestamp
    events: Count
    sessions: Count


class PersonList(Out):
    """Those who were seen last come first."""

    items: list[PersonOut]
    total: Count
    next_cursor: str | None
    meta: MetaOut


class PlaceOut(Out):
    country: str
    region: str
    city: str


class DeviceOut(Out):
    browser: str
    os: str
    device: str


class ProfileOut(Out):
    """Everything that is known of one person. ``properties`` are those of the last IDENTIFY event."""

    id: str
    user_id: str
    anonymous_ids: list[str]
    first_seen_at: Timestamp
    last_seen_at: Timestamp
    events: Count
    sessions: Count
    errors: Count
    place: Annotated[PlaceOut | None, Meta(description="The last that is known.")]
    device: Annotated[DeviceOut | None, Meta(description="The last that is known.")]
    properties: dict[str, Any]


class ErasureOut(Out):
    """How much there was of the person when it was asked for; all of it is gone."""

    events: Count
    sessions: Count
    ids: Annotated[int, Meta(ge=0, description="User and anonymous ids.")]
    dead_letters: Annotated[int, Meta(ge=0, description="Dead letters that held events of the person.")]


class PersonEventsOut(Out):
    """Newest first."""

    items: list[EventOut]
    total: None
    next_cursor: str | None
    meta: MetaOut
