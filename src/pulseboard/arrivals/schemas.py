"""What the routes give."""

from typing import Annotated, Literal

from msgspec import Meta

from pulseboard.arrivals.sources import Kind, Status
from pulseboard.insights import MetaOut
from pulseboard.kit.wire import Out, Timestamp

Count = Annotated[int, Meta(ge=0)]
Grain = Literal["hour", "day"]
NoticeType = Literal["too-many-names", "too-many-properties"]


class CountsOut(Out):
    """What came, and what was refused."""

    accepted: Annotated[int, Meta(ge=0, description="Events that were answered with 202.")]
    stored: Annotated[int, Meta(ge=0, description="Accepted events that were new.")]
    deduplicated: Annotated[int, Meta(ge=0, description="Accepted events whose `id` had come before.")]
    late: Annotated[int, Meta(ge=0, description="New events that came an hour or more after they happened.")]
    refused: Annotated[int, Meta(ge=0, description="A request that was refused as a whole counts as one.")]
    bytes: Annotated[int, Meta(ge=0, description="Of accepted requests, unpacked.")]


class IngestionTotalsOut(CountsOut):
    """The counts of all sources; ``lastReceivedAt`` is of all times."""

    last_received_at: Timestamp | None


class SourceOut(CountsOut):
    """Who sent: a key (``source`` is its id), the visitors of the project's site, an import, or Pulseboard itself.

    Unlike the counts, the times are not of the range alone. ``lastUsedAt`` is a key's, reading included.
    ``longestPauseSeconds`` is of the week up to the last arrival. ``silentSince`` is when the source was last heard,
    once it was quiet for longer than twice that pause and for 15 minutes at least; it is null while that is not so, for
    a source that came for less than a day, and for one that may not send any more.
    """

    source: str
    kind: Kind
    status: Status
    label: str | None
    prefix: str | None
    first_received_at: Timestamp | None
    last_received_at: Timestamp | None
    last_used_at: Timestamp | None
    longest_pause_seconds: float | None
    silent_since: Timestamp | None


class ReasonOut(Out):
    """``reason`` is the type of the problem that the sender was answered; ``detail`` says more where there is more.

    Beside those types, ``unstorable`` events were accepted and could not be stored, and ``schema-warning`` ones were
    stored although they do not fit the schema of their name, which is the ``detail``. ``lastHour`` is the hour in which
    the last one came.
    """

    reason: str
    detail: str | None
    events: Count
    last_hour: Timestamp


class IngestionPointOut(CountsOut):
    """What came in a bucket; an hour counts where it begins."""

    t: Timestamp


class NoticeOut(Out):
    """Something that the project's owner should look at: too many different words, which probably carry ids."""

    type: NoticeType
    detail: str
    limit: Annotated[int, Meta(description="Different words that the catalogue has room for.")]
    beyond: Annotated[int, Meta(description="About how many more came: an estimate, usually within 2 %.")]
    examples: list[str]
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class IngestionOut(Out):
    """What came to a project in whole hours, in UTC, from ``countedFrom`` (inclusive) to ``countedTo`` (exclusive)."""

    counted_from: Timestamp
    counted_to: Timestamp
    totals: IngestionTotalsOut
    sources: list[SourceOut]
    refused: list[ReasonOut]
    warnings: Annotated[list[ReasonOut], Meta(description="Of events that were stored all the same.")]
    interval: Grain
    points: list[IngestionPointOut]
    notices: list[NoticeOut]
    meta: MetaOut


class NameOut(Out):
    name: str
    type: str
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class PropertyOut(Out):
    key: str
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class CatalogOut(Out):
    """The words of a project's events, in alphabetical order. Times are full hours.

    There is room for 2,000 names with their types and for 2,000 keys of properties; what comes past that is stored and
    counted like all else, and not listed here. ``notices`` say so.
    """

    names: list[NameOut]
    types: list[str]
    properties: list[PropertyOut]
    notices: list[NoticeOut]
