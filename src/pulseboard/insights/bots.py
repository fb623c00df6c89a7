"""Whether the events of crawlers and other programs count: of those that are known as such."""

from dataclasses import replace
from typing import Annotated, Literal, get_args

from msgspec import Meta

from pulseboard.insights.catalog import BOT
from pulseboard.insights.parse import Frame
from pulseboard.insights.query import Filter, Filters

Bots = Literal["without", "with", "only"]
BOTS: tuple[Bots, ...] = get_args(Bots)
AskedBots = Annotated[Bots, Meta(description="Whether the events of crawlers and other programs count.")]

_FILTERS: dict[Bots, Filters] = {
    "without": (Filter(BOT, "is", ("false",)),),
    "with": (),
    "only": (Filter(BOT, "is", ("true",)),),
}


def with_bots(whole: Frame, bots: Bots) -> Frame:
    """The frame of people's events, of everybody's, or of programs' only."""
    return replace(whole, filters=(*_FILTERS[bots], *whole.filters))
