"""What the routes of saved segments and insights take and give."""

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


Kind = Annotated[str, Meta(description="What is asked: `trends`, `funnel`, `retention` …")]
Spec = Annotated[
    dict[str, Any],
    Meta(
        description="What the route of that kind takes, but for `projectId`.",
        examples=[{"range": "30d", "interval": "day", "series": [{"event": "signup", "metric": "users"}]}],
    ),
]


class InsightIn(In):
    name: Name
    kind: Kind
    spec: Spec
    description: Description = ""


class InsightPatch(In):
    name: Name | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    spec: Spec | UnsetType = UNSET
    description: Description | UnsetType = UNSET


class InsightOut(Out):
    """``createdBy`` is a person's id, null when the person is gone."""

    id: str
    name: str
    description: str
    kind: str
    spec: dict[str, Any]
    created_by: str | None
    created_at: Timestamp
    updated_at: Timestamp


class InsightList(Out):
    items: list[InsightOut]
    total: int | None
    next_cursor: str | None


class InsightResultOut(Out):
    """``result`` is what the route of its kind answers."""

    id: str
    name: str
    kind: str
    result: dict[str, Any]
