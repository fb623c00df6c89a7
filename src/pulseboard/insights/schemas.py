"""Answers on the wire."""

from typing import Annotated, Any

from msgspec import Meta

from pulseboard.insights.query import Grain
from pulseboard.kit.wire import Out, Timestamp

Count = Annotated[int, Meta(ge=0)]
BucketStart = Annotated[
    str, Meta(description="Start of the bucket, RFC 3339 in UTC.", examples=["2026-01-15T00:00:00.000Z"])
]


class MetaOut(Out):
    """How complete the numbers are. It is said of the whole project, whatever is filtered.

    Every event that was received before ``completeThrough``, which is ``lagSeconds`` ago, is in the numbers.
    ``deduplicated`` and ``late`` count what was received in the hours that the range touches: whole hours, in UTC.
    ``keptSince`` is there where the range begins before it: of what happened earlier, the plan keeps nothing to count.
    """

    complete_through: Timestamp
    lag_seconds: Annotated[float, Meta(ge=0)]
    deduplicated: Annotated[int, Meta(ge=0, description="Events left out because their `id` had come before.")]
    late: Annotated[
        int, Meta(ge=0, description="Events, each counted once, that came an hour or more after they happened.")
    ]
    kept_since: Timestamp | None = None


class TotalsOut(Out):
    """An error is an event of type ERROR or with a status of 500 or more; ``errorRate`` is its share of all events."""

    total_events: Count
    errors: Count
    error_rate: Annotated[float, Meta(ge=0, le=1)]
    unique_users: Count
    sessions: Count


class OverviewOut(TotalsOut):
    """``previous`` is the period of equal length just before; null where it would begin before 1970."""

    previous: TotalsOut | None
    meta: MetaOut


class PointOut(Out):
    t: BucketStart
    value: Count


class SeriesOut(Out):
    label: str
    total: Count
    points: list[PointOut]


class TimeseriesOut(Out):
    interval: Grain
    series: list[SeriesOut]
    meta: MetaOut


class TopErrorOut(Out):
    """``firstSeenAt`` and ``lastSeenAt`` lie within the asked period."""

    name: str
    count: Count
    users: Count
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class TopErrorsOut(Out):
    items: list[TopErrorOut]
    meta: MetaOut


class MetricOut(Out):
    """``event`` is null when all events were asked for."""

    event: str | None
    total: Count
    unique_users: Count
    interval: Grain
    points: list[PointOut]
    meta: MetaOut


class CountOut(Out):
    count: Count
    meta: MetaOut


class TypeCountOut(Out):
    type: str
    count: Count


class TypeCountsOut(Out):
    items: list[TypeCountOut]
    meta: MetaOut


class TimelinePointOut(Out):
    t: BucketStart
    count: Count


class TimelineOut(Out):
    interval: Grain
    points: list[TimelinePointOut]
    meta: MetaOut


class NameCountOut(Out):
    name: str
    count: Count


class SummaryOut(Out):
    """``dau``, ``wau``, ``mau``: distinct users of the 1, 7, 30 calendar days that end with the period's last day."""

    totals: TotalsOut
    dau: Count
    wau: Count
    mau: Count
    top_events: list[NameCountOut]
    recent_alerts: list[dict[str, Any]]
    meta: MetaOut


class EventOut(Out):
    """A stored event. Texts are empty and numbers null where the event had none."""

    id: str
    type: str
    name: str
    timestamp: Timestamp
    received_at: Timestamp
    user_id: str
    anonymous_id: str
    session_id: str
    url: str
    path: str
    method: str
    endpoint: str
    status_code: int | None
    duration_ms: float | None
    message: str
    value: float | None
    currency: str
    properties: dict[str, Any]


class EventsOut(Out):
    """Newest first. ``total`` is null: counting would cost more than the page."""

    items: list[EventOut]
    total: int | None
    next_cursor: str | None
    meta: MetaOut
