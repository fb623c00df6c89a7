"""Answers about sites on the wire."""

from typing import Annotated

from msgspec import Meta

from pulseboard.insights.query import Grain
from pulseboard.insights.schemas import BucketStart, Count
from pulseboard.insights.web.reading import WebMetaOut
from pulseboard.kit.wire import Out

Seconds = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
BounceRate = Annotated[
    Share, Meta(description="Sessions with one page view or event, as a share of all sessions; 0 without any.")
]


class ViewsOut(Out):
    views: Count
    visitors: Count


class VisitsOut(Out):
    """``sessions`` are those with a page view; ``avgSessionSeconds`` is from a session's first to its last event."""

    total_views: Count
    unique_visitors: Annotated[Count, Meta(description="Persons with a page view.")]
    sessions: Count
    bounce_rate: BounceRate
    avg_session_seconds: Seconds


class SiteOverviewOut(VisitsOut):
    """``today`` begins at midnight of the time zone, ``last7Days`` 168 hours ago; both end now, whatever is asked.

    ``previous`` is the period of equal length just before; null where it would begin before 1970.
    """

    today: ViewsOut
    last7_days: ViewsOut
    previous: VisitsOut | None
    meta: WebMetaOut


class PageOut(ViewsOut):
    """``url`` is host and path: one page is one line, whatever stands behind it in the address."""

    url: str
    host: str
    path: str


class TopPagesOut(Out):
    items: list[PageOut]
    meta: WebMetaOut


class ValueOut(ViewsOut):
    """``within`` leads to the value from outside: a city's country and region, a version's browser."""

    label: str
    within: list[str]
    sessions: Count
    bounce_rate: BounceRate | None
    avg_session_seconds: Seconds | None


class BreakdownOut(Out):
    """Of places, systems and browsers, page views are told apart, the most frequent first.

    Of the ways to the site and of entry and exit pages, whole sessions are, by their first or last page view, the most
    frequent first; then each has a bounce rate and a length. Who shows places to others shows the ``attribution`` too.
    """

    by: str
    items: list[ValueOut]
    attribution: str | None
    meta: WebMetaOut


class RealtimeOut(Out):
    """The last five minutes; ``pages`` are those that were viewed in them."""

    active_sessions: Count
    active_visitors: Count
    pages: list[PageOut]
    meta: WebMetaOut


class SitePointOut(Out):
    t: BucketStart
    views: Count
    visitors: Count
    sessions: Count


class SiteTimeseriesOut(Out):
    """Who comes in several buckets is a visitor in each of them."""

    interval: Grain
    points: list[SitePointOut]
    meta: WebMetaOut
