"""What a project collects and from whom: its owner's choice, kept as one JSON text on the project."""

from typing import Annotated, Literal

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

MAX_RULES = 200  # of each kind
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class MaskRule(msgspec.Struct, frozen=True):
    """What becomes of one property, by its name: it is left out, or a keyed hash stands in its place."""

    property: Pattern
    action: Literal["drop", "hash"]


class Collection(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """``blocked_addresses`` are addresses or networks, ``blocked_agents`` parts of user agents, without case."""

    keep_address: bool = False  # a visitor's raw address is stored only when the project asks for it
    mask_secrets: bool = True  # card numbers and secrets in messages and URLs
    mask: Annotated[tuple[MaskRule, ...], msgspec.Meta(max_length=MAX_RULES)] = ()
    blocked_addresses: Annotated[tuple[Pattern, ...], msgspec.Meta(max_length=MAX_RULES)] = ()
    blocked_agents: Annotated[tuple[Pattern, ...], msgspec.Meta(max_length=MAX_RULES)] = ()


class CollectionText(TypeDecorator[Collection]):
    """A ``Collection`` as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Encodes it."""
        return msgspec.json.encode(value or Collection()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Collection:  # noqa: ARG002
        """Decodes it."""
        return msgspec.json.decode(value or "{}", type=Collection)
