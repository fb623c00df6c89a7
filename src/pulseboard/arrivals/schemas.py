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
    """``accepted`` events were answered with 202: ``stored`` of them were new, ``deduplicated`` were not.

    ``late`` of the new ones came an hour or more after they happened. ``refused`` events are stored nowhere; a request
    that was refused as a whole counts as one. ``bytes`` are those of accepted requests, unpacked.
    """

    accepted: Count
    stored: Count
    deduplicated: Count
    late: Count
    refused: Count
    bytes: Count


class IngestionTotalsOut(CountsOut):
    """The counts of all sources; ``lastReceivedAt`` is of all times."""

    last_received_at: Timestamp | None


class SourceOut(CountsOut):
    """Who sent: a key (``source`` is its id), the visitors of the project's site, an import, or Pulseboard itself.

    Times are of all times. ``silentSince`` is when the source was last heard, once it was quiet for longer than twice
    its longest pause and for 15 minutes at least; it is null for a source that came for less than a day, or that may
    not send any more. ``longestPauseSeconds`` is of the week up to its last arrival.
    """

    source: str
    kind: Kind
    status: Status
    label: str | None
    prefix: str | None
    first_received_at: Timestamp | None
    last_received_at: Timestamp | None
    last_used_at: Annotated[Timestamp | None, Meta(description="Reading included; of a key.")]
    longest_pause_seconds: float | None
    silent_since: Timestamp | None


class ReasonOut(Out):
    """``reason`` is the type of the problem that the sender was answered; ``detail`` says more where there is more.

    Beside those types, ``unstorable`` events were accepted and could not be stored, and ``schema-warning`` ones were
    stored although they do not fit the schema of their name, which is the ``detail``.
    """

    reason: str
    detail: str | None
    events: Count
    last_hour: Annotated[Timestamp, Meta(description="The hour in which the last one came.")]


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
