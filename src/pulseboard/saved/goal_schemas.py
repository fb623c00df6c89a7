"""What the routes of goals take and give."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pulseboard.insights import GoalKind, WebMetaOut
from pulseboard.kit.wire import In, Out, Timestamp
from pulseboard.saved.schemas import Name

Match = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=500,
        pattern=r"^[^\x00]*$",
        description="A page's path, in which `*` stands for any text, or an event's name.",
        examples=["/thanks", "/blog/*", "signup"],
    ),
]
Count = Annotated[int, Meta(ge=0)]


class GoalIn(In):
    name: Name
    kind: GoalKind
    match: Match


class GoalPatch(In):
    name: Name | UnsetType = UNSET
    kind: GoalKind | UnsetType = UNSET
    match: Match | UnsetType = UNSET


class GoalOut(Out):
    id: str
    name: str
    kind: str
    match: str
    created_at: Timestamp
    updated_at: Timestamp


class GoalList(Out):
    items: list[GoalOut]
    total: int | None
    next_cursor: str | None


class ReachedOut(Out):
    """``conversions`` counts events; ``visitors`` are those of the site who are behind them, ``rate`` their share."""

    id: str
    name: str
    kind: str
    match: str
    conversions: Count
    visitors: Count
    rate: Annotated[float, Meta(ge=0, le=1)]


class ReachedList(Out):
    """``visitors`` are all persons with a page view."""

    visitors: Count
    items: list[ReachedOut]
    meta: WebMetaOut
