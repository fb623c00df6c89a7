"""Sessions: how many, how long, and where they begin and end.

A session is made of its events in the range that pass the filters; it lasts from the first of them to the last, counts
in the interval of the first, and is a bounce if there is only one. Its entry is its first page view and its exit the
last; of several at one instant the first and the last in the order of letters. Programs that are known as such are
left out unless they are asked for.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from pulseboard.insights.bots import AskedBots, with_bots
from pulseboard.insights.frames import Context, FrameIn, body_frame
from pulseboard.insights.parse import Frame, parse_grain
from pulseboard.insights.plan import plan
from pulseboard.insights.query import Grain, Query


@dataclass(frozen=True, slots=True)
class Sessions:
    """``starts`` are the intervals' beginnings in milliseconds since 1970; ``limit`` is how many pages are named."""

    frame: Frame
    grain: Grain
    starts: tuple[int, ...]
    limit: int = 10


class SessionsIn(FrameIn, kw_only=True):
    """``interval`` suits the range if left out; ``limit`` is how many entry and exit pages are named.

    With a limit of 0 no page is read, and the answer takes about a third of the time.
    """

    interval: Literal["minute", "hour", "day", "week", "month"] | None = None
    limit: Annotated[int, Meta(ge=0, le=100)] = 10
    bots: AskedBots = "without"


def parse_sessions(body: SessionsIn, context: Context) -> Sessions:
    """The question that a body asks.

    Raises:
        Invalid: naming the member that is wrong.
    """
    frame = with_bots(body_frame(context, body), body.bots)
    asked = "auto" if body.interval is None else parse_grain("interval", body.interval)
    made = plan(Query(frame.scope, frame.period, ("events",), frame.timezone, grain=asked))
    assert made.grain is not None
    return Sessions(frame, made.grain, made.starts, body.limit)
