"""Funnels: the question as frozen data, and how a body becomes one.

**Ordered.** A user reaches step n when there is a chain of n events, each matching its step, each at or after the one
before (the same instant counts), the last within ``window`` of the first, inclusive. An event is one link of a chain
only: of two steps that match the same events, each needs an event of its own. Events of one instant have no order, so
they may stand in whichever order makes the longer chain.

**Strict.** The same, and the user did nothing else on the way: no other event lies between the first and the last link
in time. What happened at the instant of the first can be thought of as before it, and at that of the last as after it.

**Any.** A user reaches step n when there are n events, one for each of the steps 1 to n, no two of them further apart
than ``window``.

All events of a chain lie in the period and pass the funnel's filters. Nobody without a person is counted. A user
belongs to the value that ``breakdown`` has in the user's first event of step 1 (at one instant: the first in the order
of letters).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta
from msgspec import field as wire_field

from pulseboard.errors import Invalid
from pulseboard.insights.frames import Context, FiltersIn, FrameIn, body_frame
from pulseboard.insights.parse import Frame, name_filter, parse_dimension, parse_range
from pulseboard.insights.product.cursors import read_cursor
from pulseboard.insights.query import Dimension, Filters
from pulseboard.kit.wire import In

MAX_STEPS = 10
MAX_ALIKE = 5  # steps of one event name where any order will do: each further one doubles the work
DEFAULT_WINDOW = "7d"

Order = Literal["ordered", "strict", "any"]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """``filters`` hold the event's name, too."""

    event: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Funnel:
    """``window`` is in milliseconds; the ``groups`` largest values of ``breakdown`` stand alone, the rest as one."""

    frame: Frame
    steps: tuple[FunnelStep, ...]
    window: int
    order: Order = "ordered"
    breakdown: Dimension | None = None
    groups: int = 10

    @property
    def apart(self) -> bool:
        """Whether it is sure that no event matches two steps."""
        return len({step.event for step in self.steps}) == len(self.steps)


@dataclass(frozen=True, slots=True)
class FunnelUsers:
    """Who reached step ``step`` (from 1), or only those of them who did not reach the next one.

    Persons come in the order of their numbers; ``after`` is the last one's on the page before.
    """

    funnel: Funnel
    step: int
    dropped: bool
    limit: int
    after: int = 0


class StepIn(In):
    event: Annotated[str, Meta(min_length=1, description="The events' name.")]
    filters: FiltersIn = wire_field(default_factory=list)


class FunnelIn(FrameIn, kw_only=True):
    """``strict`` lets the user do nothing else between two steps; with ``any`` the order does not matter."""

    steps: Annotated[list[StepIn], Meta(min_length=1, max_length=MAX_STEPS)]
    window: Annotated[
        str, Meta(description="The longest time from the first step to the last, inclusive: `90m`, `24h`, `7d`, `4w`.")
    ] = DEFAULT_WINDOW
    order: Order = "ordered"
    breakdown: Annotated[str, Meta(description="A property of each user's first event of step 1.")] | None = None


class FunnelUsersIn(FunnelIn, kw_only=True):
    """``dropped``: only those who did not reach the step after ``step``."""

    step: Annotated[int, Meta(ge=1, le=MAX_STEPS, description="Counted from 1.")]
    dropped: bool = True
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=20, description="`nextCursor` of the page before.")] | None = None


def parse_funnel(body: FunnelIn, context: Context) -> Funnel:
    """The funnel that a body asks for.

    Raises:
        Invalid: naming the member that is wrong.
    """
    frame = body_frame(context, body)
    steps = tuple(_step(f"steps.{i}", step, context, frame) for i, step in enumerate(body.steps))
    window = parse_range(body.window, "window") // timedelta(milliseconds=1)
    breakdown = None if body.breakdown is None else parse_dimension("breakdown", body.breakdown)
    if body.order == "any" and max(Counter(step.event for step in steps).values()) > MAX_ALIKE:
        raise Invalid.field("steps", f"may name one event {MAX_ALIKE} times at most where the order does not matter")
    return Funnel(frame, steps, window, body.order, breakdown)


def parse_funnel_users(body: FunnelUsersIn, context: Context) -> FunnelUsers:
    """One page of a funnel's users.

    Raises:
        Invalid: naming the member that is wrong.
    """
    if body.step > len(body.steps):
        raise Invalid.field("step", "must be one of the steps")
    return FunnelUsers(parse_funnel(body, context), body.step, body.dropped, body.limit, read_cursor(body.cursor))


def _step(path: str, step: StepIn, context: Context, frame: Frame) -> FunnelStep:
    named = name_filter(f"{path}.event", step.event)
    return FunnelStep(step.event, (named, *context.filters(f"{path}.filters", step.filters, frame)))
