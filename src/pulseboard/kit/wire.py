"""Shapes on the wire: ``camelCase``, and a body's unknown keys are refused by name."""

from typing import Annotated

from msgspec import Meta, Struct

MOMENT = "RFC 3339 in UTC, with milliseconds."
Timestamp = Annotated[str, Meta(description=MOMENT, examples=["2026-01-15T10:30:00.000Z"])]


class In(Struct, rename="camel", forbid_unknown_fields=True):
    """A request's body."""


class Out(Struct, rename="camel"):
    """An answer's body."""
