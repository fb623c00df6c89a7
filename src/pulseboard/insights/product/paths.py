"""Paths: what people do next, or did before, step by step.

The steps of a session (or of a user) are its page views by their page, or all its events by their name, in the order of
time and, at one instant, of letters; the same step again right after itself is none. A path begins at the first step
called ``start``, or ends at the last one called ``end``, or begins where the session does. Of each level the most
frequent labels stand alone, and all others are one. Programs that are known as such are left out
unless they are asked for.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from pulseboard.errors import Invalid
from pulseboard.insights.bots import AskedBots, with_bots
from pulseboard.insights.frames import Context, FrameIn, body_frame
from pulseboard.insights.parse import Frame, parse_text

Steps = Literal["pages", "events"]
Unit = Literal["session", "user"]
Label = Annotated[str, Meta(min_length=1, description="A page as host and path, or an event's name.")]


@dataclass(frozen=True, slots=True)
class Paths:
    """``levels`` are followed from the first step on (or from the last one back), ``limit`` labels stand alone."""

    frame: Frame
    steps: Steps = "pages"
    unit: Unit = "session"
    start: str | None = None
    end: str | None = None
    levels: int = 5
    limit: int = 10


class PathsIn(FrameIn, kw_only=True):
    """``start`` and ``end`` exclude each other; without either, paths begin where sessions do."""

    steps: Steps = "pages"
    within: Unit = "session"
    start: Label | None = None
    end: Label | None = None
    levels: Annotated[int, Meta(ge=1, le=10, description="Steps to follow, beside the one that begins or ends.")] = 5
    limit: Annotated[int, Meta(ge=1, le=50, description="Labels of each level that stand alone.")] = 10
    bots: AskedBots = "without"


def parse_paths(body: PathsIn, context: Context) -> Paths:
    """The question that a body asks.

    Raises:
        Invalid: naming the member that is wrong.
    """
    if body.start is not None and body.end is not None:
        raise Invalid.field("end", "cannot stand together with start")
    start = None if body.start is None else parse_text("start", body.start)
    end = None if body.end is None else parse_text("end", body.end)
    frame = with_bots(body_frame(context, body), body.bots)
    return Paths(frame, body.steps, body.within, start, end, body.levels, body.limit)
