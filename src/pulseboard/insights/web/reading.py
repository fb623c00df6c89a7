"""What reads of a site share: the site in the path, whether programs count, and how many of theirs were left out."""

from dataclasses import replace
from typing import Annotated, Literal, get_args

from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import FromPath, QueryParameter, SkipValidation
from msgspec import Meta, structs

from pulseboard.errors import Invalid
from pulseboard.insights import run
from pulseboard.insights.catalog import BOT
from pulseboard.insights.parameters import (
    FRAME,
    AskedFrame,
    AskedMeta,
    AskedStore,
    Reach,
)
from pulseboard.insights.parse import Frame, type_filter
from pulseboard.insights.query import Filter, Filters, Query
from pulseboard.insights.schemas import Count, MetaOut
from pulseboard.projects import ProjectView

VIEW = type_filter("PAGE_VIEW")

Bots = Literal["without", "with", "only"]
_BOTS: dict[str, Filters] = {
    "without": (Filter(BOT, "is", ("false",)),),
    "with": (),
    "only": (Filter(BOT, "is", ("true",)),),
}
AskedBots = Annotated[
    str,
    QueryParameter(
        name="bots",
        schema_extra={"enum": list(get_args(Bots))},
        description="Whether page views of crawlers and other programs count.",
    ),
]


class WebMetaOut(MetaOut):
    """``botsLeftOut`` counts the page views of programs that would have counted if they were people's."""

    bots_left_out: Annotated[Count, Meta(description="0 when `bots` asks for them.")]


AskedWebMeta = Given[SkipValidation[WebMetaOut]]


def views(frame: Frame, *metrics: str) -> Query:
    """A question about the page views that the frame lets through."""
    return Query(frame.scope, frame.period, metrics, timezone=frame.timezone, filters=(VIEW, *frame.filters))


def read_website(reach: Given[Reach], website_id: FromPath[str]) -> ProjectView:
    """The site that the path names; strangers' are not found."""
    return reach(website_id)


def read_people(whole: AskedFrame, bots: AskedBots = "without") -> Frame:
    """The frame, without programs unless they are asked for.

    Raises:
        Invalid: `bots` is none of the words.
    """
    if bots not in _BOTS:
        raise Invalid.field("bots", f"must be one of {', '.join(_BOTS)}")
    return replace(whole, filters=(*_BOTS[bots], *whole.filters))


def read_web_meta(store: AskedStore, whole: AskedFrame, meta: AskedMeta, bots: AskedBots = "without") -> WebMetaOut:
    """How complete the numbers are, and what is not in them."""
    return WebMetaOut(**structs.asdict(meta), bots_left_out=_left_out(store, whole) if bots == "without" else 0)


def _left_out(store: AskedStore, whole: Frame) -> int:
    crawled = replace(whole, filters=(*_BOTS["only"], *whole.filters))
    return run.totals(store, views(crawled, "events"))[0]["events"]


WEB = {
    "project": Provide(read_website, sync_to_thread=True),
    "context": FRAME["context"],
    "whole": FRAME["frame"],
    "frame": Provide(read_people, sync_to_thread=False),
    "meta": FRAME["meta"],
    "web_meta": Provide(read_web_meta, sync_to_thread=True),
}
