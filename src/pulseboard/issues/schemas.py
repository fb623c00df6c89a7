"""Groups of errors on the wire."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pulseboard.insights import EventOut, Grain, MetaOut
from pulseboard.issues.states import Shown, Status
from pulseboard.kit.wire import In, Out, Timestamp

Count = Annotated[int, Meta(ge=0)]
Release = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="Of a resolved group: the release with the fix. Events of older ones do not bring it back.",
        examples=["1.4.0"],
    ),
]


class StatePatch(In):
    status: Status
    release: Release | UnsetType = UNSET


class StateOut(Out):
    """What was decided about a group, when and by whom; null where nothing was."""

    status: Shown
    release: str | None
    changed_at: Timestamp | None
    changed_by: Annotated[str | None, Meta(description="A person's id.")]


class TrendPointOut(Out):
    t: Timestamp
    value: Count


class ErrorOut(Out):
    """A group of errors. ``count``, ``users`` and ``trend`` are of the asked period, ``firstSeenAt`` and ``lastSeenAt``
    of all time; ``name`` and ``message`` are its last event's."""

    id: Annotated[str, Meta(description="The group's fingerprint.")]
    name: str
    message: str
    environment: str
    status: Shown
    count: Count
    users: Count
    first_seen_at: Timestamp
    last_seen_at: Timestamp
    releases: Annotated[
        list[str], Meta(description="The releases that it was seen in, the last one first; ten at most.")
    ]
    trend: list[TrendPointOut]


class ErrorList(Out):
    """``total`` is null where there are more than a thousand groups; the list then ends with those."""

    items: list[ErrorOut]
    total: int | None
    next_cursor: str | None
    interval: Grain
    meta: MetaOut


class ReleaseOut(Out):
    """``release`` is empty where events named none."""

    release: str
    count: Count
    users: Count
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class FrameOut(Out):
    """One call; ``line`` and ``column`` are null where unknown. ``inApp``: the app's own code, no library's."""

    function: str
    file: str
    line: int | None
    column: int | None
    in_app: bool
    code: Annotated[str, Meta(description="The line of source, where it was sent.")]


class ThrownOut(Out):
    """What was raised, and the calls that led there, newest first; empty where the event has no stack trace."""

    type: str
    message: str
    frames: list[FrameOut]


class ErrorDetailOut(Out):
    """A group of errors with its last event, what was thrown there, and the same person's events of the day before,
    newest first (without a person, the session's)."""

    id: str
    name: str
    message: str
    environment: str
    state: StateOut
    count: Count
    users: Count
    first_seen_at: Timestamp
    last_seen_at: Timestamp
    interval: Grain
    trend: list[TrendPointOut]
    releases: list[ReleaseOut]
    latest: EventOut
    exception: ThrownOut
    breadcrumbs: list[EventOut]
    meta: MetaOut
