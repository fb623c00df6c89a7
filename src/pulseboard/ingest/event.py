"""The canonical event: every door produces it, and nothing else enters the spool."""

from typing import Any

import msgspec

WELL_KNOWN_TYPES = frozenset({"PAGE_VIEW", "ERROR", "REQUEST", "CUSTOM", "LOG", "IDENTIFY"})


class Event(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that happened in another app.

    ``timestamp`` (when it happened) is in milliseconds since 1970 UTC. ``own_id`` tells an id that the client gave,
    which may come again, from one that we made, which cannot. The project and ``received_at`` stand once on the
    spool's record. ``address`` and ``user_agent`` are the visitor's, of a request that a browser sent; ``web`` tells
    such a request, where bots are looked for.
    """

    id: str
    own_id: bool
    type: str
    name: str
    timestamp: int
    user_id: str = ""
    anonymous_id: str = ""
    session_id: str = ""
    library: str = ""
    properties: dict[str, Any] = {}
    address: str = ""
    user_agent: str = ""
    web: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Event])


def encode(events: list[Event]) -> bytes:
    """The body of a spool record."""
    return _encoder.encode(events)


def decode(body: bytes) -> list[Event]:
    """The events of a spool record."""
    return _decoder.decode(body)
