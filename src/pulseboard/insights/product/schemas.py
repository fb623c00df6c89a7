"""Answers of the insights of this folder, on the wire."""

from typing import Annotated, Literal

from msgspec import Meta

from pulseboard.insights.query import Grain
from pulseboard.insights.schemas import BucketStart, Count, MetaOut
from pulseboard.kit.wire import Out, Timestamp

Rate = Annotated[float, Meta(ge=0, le=1)]


class FunnelStepOut(Out):
    """``conversionRate`` is of those who reached step 1; ``conversionRateFromPrevious`` of those at the step before.

    ``medianSecondsFromPrevious`` is from the step before to where each user first reached this one, and null for step
    1, where nobody came, and where the steps have no order.
    """

    event: str
    users: Count
    conversion_rate: Rate
    conversion_rate_from_previous: Rate
    median_seconds_from_previous: Annotated[float, Meta(ge=0)] | None


class BinOut(Out):
    """``toSeconds`` is exclusive, and null for the last bin, which has no end."""

    from_seconds: int
    to_seconds: int | None
    users: Count


class TimeToConvertOut(Out):
    """From step 1 to where each user first reached the last step; bins without users are left out."""

    median_seconds: Annotated[float, Meta(ge=0)] | None
    distribution: list[BinOut]


class FunnelGroupOut(Out):
    """Of the users with one value of the broken down property. ``conversionRate`` is the last step's."""

    label: str
    steps: list[FunnelStepOut]
    conversion_rate: Rate
    time_to_convert: TimeToConvertOut


class FunnelOut(Out):
    """``breakdown`` is null where none was asked for; each user is in one of its groups."""

    steps: list[FunnelStepOut]
    conversion_rate: Rate
    time_to_convert: TimeToConvertOut
    breakdown: list[FunnelGroupOut] | None
    meta: MetaOut


class UserOut(Out):
    """A person as the events of the period name it; a text is empty where none does."""

    user_id: str
    anonymous_id: str
    first_seen_at: Timestamp
    last_seen_at: Timestamp


class UsersOut(Out):
    items: list[UserOut]
    total: Count
    next_cursor: str | None
    meta: MetaOut


class CohortOut(Out):
    """``retained[k]``: users of the cohort with a return event in the k-th period after; 0 is the cohort's own."""

    start: BucketStart
    size: Count
    retained: list[Count]


class RetentionOut(Out):
    """A cohort for every period that the range touches."""

    period: Literal["day", "week", "month"]
    cohorts: list[CohortOut]
    meta: MetaOut


class ChurnPeriodOut(Out):
    """``active`` are ``new`` (first active in the range), ``kept`` (active in the period before, too) or ``returned``.

    ``churned`` were active in the period before and are not in this one, and ``churnRate`` is their share of those who
    were; both are null for the first period, and the last one may not be over yet.
    """

    start: BucketStart
    active: Count
    new: Count
    kept: Count
    returned: Count
    churned: Count | None
    churn_rate: Rate | None


class ChurnOut(Out):
    period: Literal["day", "week", "month"]
    items: list[ChurnPeriodOut]
    meta: MetaOut


class SessionPointOut(Out):
    """Sessions that began in the interval."""

    t: BucketStart
    sessions: Count
    bounce_rate: Rate
    avg_seconds: Annotated[float, Meta(ge=0)]


class PageSessionsOut(Out):
    page: str
    sessions: Count


class SessionsOut(Out):
    """``bounceRate`` is the share of sessions with a single event; ``medianSeconds`` is null without sessions.

    ``entries`` and ``exits`` are of the sessions with a page view: the pages on which most of them began and ended.
    """

    interval: Grain
    sessions: Count
    bounce_rate: Rate
    avg_seconds: Annotated[float, Meta(ge=0)]
    median_seconds: Annotated[float, Meta(ge=0)] | None
    events_per_session: Annotated[float, Meta(ge=0)]
    points: list[SessionPointOut]
    entries: list[PageSessionsOut]
    exits: list[PageSessionsOut]
    meta: MetaOut


class NodeOut(Out):
    """``level`` counts away from where paths begin (or end); ``other`` stands for all rarer labels together."""

    id: int
    level: Annotated[int, Meta(ge=0)]
    label: str
    other: bool
    count: Count


class LinkOut(Out):
    """``source`` and ``target`` are ids of nodes, the earlier step first."""

    source: int
    target: int
    count: Count


class PathsOut(Out):
    """``count`` is of sessions or users; those that end at a node are its count less its links' onward."""

    nodes: list[NodeOut]
    links: list[LinkOut]
    meta: MetaOut
