"""What the bodies of all insights share."""

from typing import Annotated, Any

from msgspec import Meta, field

from pulseboard.insights.frames import Context, make_frame
from pulseboard.insights.parse import Frame
from pulseboard.kit.wire import In

FILTERS = "Conditions that must all hold, as in the parameter `filters` of other reads."
FiltersIn = Annotated[list[Any], Meta(description=FILTERS)]


class FrameIn(In, kw_only=True):
    """Whose events, when and which: what the parameters of other reads say, with the same words."""

    project_id: Annotated[str, Meta(max_length=100, description="An API key's own project if left out.")] | None = None
    since: Annotated[str, Meta(description="Start, inclusive.")] | None = field(default=None, name="from")
    until: Annotated[str, Meta(description="End, exclusive; now if left out.")] | None = field(default=None, name="to")
    range: Annotated[str, Meta(description="How far back from now, as `24h` or `30d`.")] | None = None
    timezone: Annotated[str, Meta(description="The project's if left out.")] | None = None
    filters: FiltersIn = field(default_factory=list)


def frame_of(body: FrameIn, context: Context) -> Frame:
    """The body's shared part.

    Raises:
        Invalid: naming the member that is wrong.
    """
    return make_frame(
        context,
        since=body.since,
        until=body.until,
        range=body.range,
        timezone=body.timezone,
        filters=body.filters,
    )
