"""What the routes of saved segments take and give."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from pulseboard.kit.wire import In, Out, Timestamp

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Description = Annotated[str, Meta(max_length=2_000)]
Conditions = Annotated[
    list[Any] | dict[str, Any],
    Meta(
        description="Conditions that must all hold, or a single one, as in every read's `filters`.",
        examples=[[{"property": "country", "operator": "is", "value": "DE"}]],
    ),
]


class SegmentIn(In):
    name: Name
    filters: Conditions
    description: Description = ""


class SegmentPatch(In):
    name: Name | UnsetType = UNSET
    filters: Conditions | UnsetType = UNSET
    description: Description | UnsetType = UNSET


class SegmentOut(Out):
    id: str
    name: str
    description: str
    filters: list[Any] | dict[str, Any]
    created_at: Timestamp
    updated_at: Timestamp


class SegmentList(Out):
    items: list[SegmentOut]
    total: int | None
    next_cursor: str | None
