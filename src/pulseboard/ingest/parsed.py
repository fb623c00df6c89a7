"""What a door makes of a body: raw events, each at its place, and how its sender showed who they are."""

from collections.abc import Sequence

import msgspec

from pulseboard.errors import FieldError, Invalid
from pulseboard.ingest.raw import RawEvent


class Rejected(msgspec.Struct, frozen=True):
    """One refused event: its place in the request and why."""

    index: int
    errors: tuple[FieldError, ...]
    type: str = Invalid.type


class Parsed(msgspec.Struct, frozen=True):
    """``raws`` has an entry for every event that was sent, in order.

    ``many`` tells a list, which is answered with one. ``key`` and ``site`` are credentials that stand in the body.
    ``host`` is that of the visited page, empty when there is none or its address is no address.
    """

    raws: Sequence[RawEvent | Rejected]
    many: bool = False
    key: str = ""
    site: str = ""
    host: str = ""
