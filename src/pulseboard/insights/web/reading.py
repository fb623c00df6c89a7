"""What reads of a site share: the site in the path, whether programs count, and how many of theirs were left out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Annotated

from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import FromPath, QueryParameter, SkipValidation
from msgspec import Meta, structs

from pulseboard.errors import Invalid
from pulseboard.insights import run
from pulseboard.insights.bots import BOTS, with_bots
from pulseboard.insights.parameters import (
    FRAME,
    AskedFrame,
    AskedMeta,
    AskedStore,
    Reach,
)
from pulseboard.insights.parse import Frame, type_filter
from pulseboard.insights.query import Query
from pulseboard.insights.schemas import Count, MetaOut
from pulseboard.projects import ProjectView

VIEW = type_filter("PAGE_VIEW")

AskedBots = Annotated[
    str,
    QueryParameter(
        name="bots",
        schema_extra={"enum": list(BOTS)},
        description="Whether page views of crawlers and other programs count.",
    ),
]


class WebMetaOut(MetaOut, kw_only=True):
    """``botsLeftOut`` counts the page views of programs that would have counted if they were people's."""

    bots_left_out: Annotated[Count, Meta(description="0 when `bots` asks for them.")]


AskedWebMeta = Given[SkipValidation[Callable[[], WebMetaOut]]]
_COUNTING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="left-out")


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
    for each in BOTS:
        if bots == each:
            return with_bots(whole, each)
    raise Invalid.field("bots", f"must be one of {', '.join(BOTS)}")


def read_web_meta(
    store: AskedStore, whole: AskedFrame, meta: AskedMeta, bots: AskedBots = "without"
) -> Callable[[], WebMetaOut]:
    """How complete the numbers are, and what is not in them, which is counted while the numbers are."""
    if bots != "without":
        return lambda: WebMetaOut(**structs.asdict(meta), bots_left_out=0)
    counted = _COUNTING.submit(copy_context().run, _left_out, store, whole)
    return lambda: WebMetaOut(**structs.asdict(meta), bots_left_out=counted.result())


def _left_out(store: AskedStore, whole: Frame) -> int:
    return run.totals(store, views(with_bots(whole, "only"), "events"))[0]["events"]


WEB = {
    "project": Provide(read_website, sync_to_thread=True),
    "context": FRAME["context"],
    "whole": FRAME["frame"],
    "frame": Provide(read_people, sync_to_thread=False),
    "meta": FRAME["meta"],
    "web_meta": Provide(read_web_meta, sync_to_thread=False),
}
