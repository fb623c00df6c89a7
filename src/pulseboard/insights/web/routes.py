"""Reads of one site over HTTP."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from msgspec import structs

from pulseboard.errors import Invalid
from pulseboard.insights import parse, run
from pulseboard.insights.buckets import moment
from pulseboard.insights.catalog import NOT_SET
from pulseboard.insights.parameters import AskedFrame, AskedStore, Interval, Top
from pulseboard.insights.parse import Frame
from pulseboard.insights.query import Dimension, Filter, Group
from pulseboard.insights.web import overview as site
from pulseboard.insights.web.overview import HOST, Visits
from pulseboard.insights.web.reading import VIEW, WEB, AskedWebMeta, views
from pulseboard.insights.web.schemas import (
    BreakdownOut,
    PageOut,
    RealtimeOut,
    SiteOverviewOut,
    SitePointOut,
    SiteTimeseriesOut,
    TopPagesOut,
    ValueOut,
    ViewsOut,
    VisitsOut,
)
from pulseboard.insights.web.sessions import BY_SESSION, render_breakdown
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.settings import Settings
from pulseboard.store import Row, Store

SITE = "/api/v1/stats/{website_id:str}"
ATTRIBUTION = "IP Geolocation by DB-IP (https://db-ip.com)"

# The dimensions that lead to a value from outside, and the value's own.
BY_VIEW: dict[str, tuple[str, ...]] = {
    "country": ("country",),
    "region": ("country", "region"),
    "city": ("country", "region", "city"),
    "browser": ("browser",),
    "browserVersion": ("browser", "browserVersion"),
    "os": ("os",),
    "osVersion": ("os", "osVersion"),
    "device": ("device",),
    "host": ("host",),
}
_PLACES = frozenset({"country", "region", "city"})
_METRICS = ("events", "users", "sessions")

# Not required in the framework's sense: it would say so before it is known whether there is such a site.
By = Annotated[
    str | None,
    QueryParameter(
        name="by",
        schema_extra={"enum": [*BY_SESSION, *BY_VIEW]},
        description="What visits or views are told apart by; needed.",
    ),
]

_get = partial(get, tags=["web analytics"], sync_to_thread=True, dependencies=WEB)


@_get(f"{SITE}/overview")
def site_overview(store: AskedStore, frame: AskedFrame, web_meta: AskedWebMeta, clock: Given[Clock]) -> SiteOverviewOut:
    """Views, visitors, sessions, bounces: of a period, of the one before it, of today and the last seven days."""
    whole, before, today, week = site.overview(store, frame, clock())
    return SiteOverviewOut(
        **structs.asdict(_visits(whole)),
        today=_views(today),
        last7_days=_views(week),
        previous=None if before is None else _visits(before),
        meta=web_meta(),
    )


@_get(f"{SITE}/timeseries")
def site_timeseries(
    store: AskedStore, frame: AskedFrame, web_meta: AskedWebMeta, interval: Interval = None
) -> SiteTimeseriesOut:
    """Views, visitors and sessions bucket by bucket. Empty buckets are 0."""
    grain = "auto" if interval is None else parse.parse_grain("interval", interval)
    found, _, rows = site.course(store, replace(views(frame, *_METRICS), grain=grain))
    points = [SitePointOut(rfc3339(moment(row["start"])), row["events"], row["users"], row["sessions"]) for row in rows]
    return SiteTimeseriesOut(found, points, web_meta())


@_get(f"{SITE}/top-pages")
def top_pages(store: AskedStore, frame: AskedFrame, web_meta: AskedWebMeta, limit: Top = 50) -> TopPagesOut:
    """The most viewed pages."""
    return TopPagesOut([_page(row) for row in site.pages(store, frame, limit)], web_meta())


@_get(f"{SITE}/breakdown")
def site_breakdown(
    store: AskedStore,
    frame: AskedFrame,
    web_meta: AskedWebMeta,
    settings: Given[Settings],
    by: By = None,
    limit: Top = 50,
) -> BreakdownOut:
    """Where visitors come from, where they are, what they use, where they come in and go out."""
    if by is None or not (by in BY_VIEW or by in BY_SESSION):
        raise Invalid.field("by", f"must be one of {', '.join((*BY_SESSION, *BY_VIEW))}")
    items = (_by_view if by in BY_VIEW else _by_session)(store, frame, by, limit)
    looked_up = by in _PLACES and settings.geo_database is None
    return BreakdownOut(by, items, ATTRIBUTION if looked_up else None, web_meta())


@_get(f"{SITE}/realtime")
def site_realtime(
    store: AskedStore, frame: AskedFrame, web_meta: AskedWebMeta, clock: Given[Clock], limit: Top = 10
) -> RealtimeOut:
    """Who is on the site: sessions and visitors with a page view or an event on a page in the last five minutes."""
    now = site.lately(frame, clock())
    on_pages = (Group("or", (VIEW, Filter(HOST, "set"))), *now.filters)
    active = run.totals(store, replace(views(now, "sessions", "users"), filters=on_pages))[0]
    pages = [_page(row) for row in site.pages(store, now, limit)]
    return RealtimeOut(active["sessions"], active["users"], pages, web_meta())


routes = [site_overview, site_timeseries, top_pages, site_breakdown, site_realtime]


def _by_view(store: Store, frame: Frame, by: str, limit: int) -> list[ValueOut]:
    asked = tuple(Dimension(key) for key in BY_VIEW[by])
    rows = run.groups(store, replace(views(frame, *_METRICS), dimensions=asked, limit=limit))
    return [_value(row) for row in rows]


def _value(row: Row) -> ValueOut:
    *within, label = (row[key] for key in sorted(row) if key.startswith("label_"))
    return ValueOut(row["events"], row["users"], label, within, row["sessions"], None, None)


def _by_session(store: Store, frame: Frame, by: str, limit: int) -> list[ValueOut]:
    statement = render_breakdown(frame, by, limit)
    return [_entered(row) for row in store.read(statement.sql, statement.params, frame.scope)]


def _entered(row: Row) -> ValueOut:
    label = row.pop("label")
    found = Visits(**row)
    return ValueOut(found.views, found.visitors, label, [], found.sessions, found.bounce_rate, found.seconds)


def _page(row: Row) -> PageOut:
    host, path = ("" if row[key] == NOT_SET else row[key] for key in ("label_0", "label_1"))
    return PageOut(row["events"], row["users"], host + path or NOT_SET, host, path)


def _views(found: Visits) -> ViewsOut:
    return ViewsOut(found.views, found.visitors)


def _visits(found: Visits) -> VisitsOut:
    return VisitsOut(found.views, found.visitors, found.sessions, found.bounce_rate, found.seconds)
