"""Answers about API calls on the wire."""

from typing import Annotated

from msgspec import Meta, field

from pulseboard.insights.query import Grain
from pulseboard.insights.schemas import BucketStart, Count, MetaOut, SeriesOut
from pulseboard.kit.wire import Out, Timestamp

Milliseconds = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class CallsOut(Out, kw_only=True):
    """Durations are null where no call has one, rates 0 where there is no call."""

    calls: Count
    avg_response_time_ms: Milliseconds | None
    p50: Milliseconds | None
    p90: Milliseconds | None
    p95: Milliseconds | None
    p99: Milliseconds | None
    error_rate: Annotated[Share, Meta(description="Status 500 or more, as everywhere; the same as `errorRate5xx`.")]
    apdex: Annotated[Share | None, Meta(description="(satisfied + tolerating / 2) / all; null without any.")]
    error_rate_4xx: Share = field(name="errorRate4xx")
    error_rate_5xx: Share = field(name="errorRate5xx")


class ApiUsageOut(Out):
    """What the organisation has used of its plan this month (UTC), events of all kinds and projects."""

    used: Count
    limit: Annotated[Count | None, Meta(description="Null: no limit.")]
    resets_at: Timestamp


class ApiOverviewOut(CallsOut, kw_only=True):
    """``percentilesExact`` is false where a group has more than 20 million calls: percentiles are then a t-digest's."""

    percentiles_exact: bool
    usage: ApiUsageOut
    meta: MetaOut


class EndpointOut(CallsOut, kw_only=True):
    method: str
    endpoint: str


class EndpointsOut(Out):
    items: list[EndpointOut]
    percentiles_exact: bool
    meta: MetaOut


class ConsumerOut(CallsOut, kw_only=True):
    """``consumer`` is the call's user, else its anonymous id; at ``/api/v1/track`` what was sent under this name."""

    consumer: str


class ConsumersOut(Out):
    items: list[ConsumerOut]
    percentiles_exact: bool
    meta: MetaOut


class CallsPointOut(CallsOut, kw_only=True):
    t: BucketStart


class ApiTimeseriesOut(Out):
    interval: Grain
    points: list[CallsPointOut]
    percentiles_exact: bool
    meta: MetaOut


class StatusOut(Out):
    status_code: Annotated[int | None, Meta(description="Null: the call came without one.")]
    calls: Count


class StatusesOut(Out):
    """One series for each class of statuses (`2xx`), and how many calls there were of each status."""

    interval: Grain
    series: list[SeriesOut]
    items: list[StatusOut]
    meta: MetaOut


class HeatmapRowOut(Out):
    t: BucketStart
    counts: list[Count]


class HeatmapOut(Out):
    """``counts[i]`` are the calls of a bucket that took from ``edges[i]`` to ``edges[i + 1]`` ms; the last is open."""

    interval: Grain
    edges: list[Milliseconds]
    rows: list[HeatmapRowOut]
    meta: MetaOut
