"""What the event schema routes take and give."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from pulseboard.kit.wire import In, Out, Timestamp

Mode = Annotated[
    Literal["warn", "reject"],
    Meta(description="Whether an event that does not fit is counted and kept, or refused."),
]
EventName = Annotated[str, Meta(min_length=1, max_length=200, description="Compared exactly, with its case.")]
Schema = Annotated[
    dict[str, Any],
    Meta(
        description="A JSON Schema of the event's merged properties, of draft 2020-12 if `$schema` names no other; "
        "64 KiB at most. References stay inside it, and patterns are regular expressions without look-around and "
        "back-references.",
        examples=[{"type": "object", "required": ["plan"], "properties": {"plan": {"enum": ["free", "pro"]}}}],
    ),
]


class EventSchemaIn(In):
    event_name: EventName
    schema: Schema
    mode: Mode = "warn"


class EventSchemaPatch(In):
    event_name: EventName | UnsetType = UNSET
    schema: Schema | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET


class EventSchemaOut(Out):
    id: str
    event_name: str
    mode: Mode
    schema: dict[str, Any]
    created_at: Timestamp
    updated_at: Timestamp


class EventSchemaList(Out):
    items: list[EventSchemaOut]
    total: int | None
    next_cursor: str | None
