"""What every read shares, from what was sent and what surrounds it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Meta
from msgspec import field as wire_field

from pulseboard.insights.filters import Around, Segments, decode_filters, make_filters
from pulseboard.insights.parse import Frame, parse_period, parse_timezone
from pulseboard.insights.query import Filters
from pulseboard.kit.wire import In
from pulseboard.store.base import ProjectScope

SavedSegments = Callable[[str, str], object]  # a project's id, a segment's id -> its filters; None where there is none


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a question: whose events, the project's time zone, when it is asked, the saved segments."""

    scope: ProjectScope
    timezone: str
    now: datetime
    segments: Segments

    def around(self, frame: Frame) -> Around:
        """What the filters of a question in ``frame`` may refer to."""
        return Around(frame.scope, frame.period, frame.timezone, self.now, self.segments)

    def filters(self, path: str, found: object, frame: Frame) -> Filters:
        """Filters in decoded JSON at ``path``.

        Raises:
            Invalid: naming the member that is wrong.
        """
        return make_filters(path, found, self.around(frame))


def context_of(project_id: str, timezone: str, now: datetime, saved: SavedSegments) -> Context:
    """The context of a project that the request may see."""
    return Context(ProjectScope(project_id), timezone, now, lambda id: saved(project_id, id))


def check_filters(path: str, found: object, context: Context, inside: tuple[str, ...] = ()) -> None:
    """Filters that are to be kept for later; ``inside`` are ids of segments that must not occur.

    Raises:
        Invalid: naming the member that is wrong.
    """
    whole = make_frame(context, filters=[])
    make_filters(path, found, context.around(whole), inside)


def make_frame(
    context: Context,
    *,
    since: str | None = None,
    until: str | None = None,
    range: str | None = None,
    timezone: str | None = None,
    filters: object,
) -> Frame:
    """The shared parts of all reads, as sent (None: not sent); ``filters`` is decoded JSON.

    Raises:
        Invalid: naming the part.
    """
    zone = parse_timezone(context.timezone if timezone is None else timezone)
    frame = Frame(context.scope, parse_period(since, until, range, ZoneInfo(zone), context.now), zone)
    return replace(frame, filters=context.filters("filters", filters, frame))


def url_frame(
    context: Context,
    since: str | None = None,
    until: str | None = None,
    range: str | None = None,
    timezone: str | None = None,
    filters: str | None = None,
) -> Frame:
    """The same from a URL's parameters, whose filters are JSON in text.

    Raises:
        Invalid: naming the parameter.
    """
    found = decode_filters(filters)
    return make_frame(context, since=since, until=until, range=range, timezone=timezone, filters=found)


FiltersIn = Annotated[list[Any] | dict[str, Any], Meta(description="Conditions that must all hold, or a single one.")]


class FrameIn(In, kw_only=True):
    """The same as the first members of a JSON body; ``filters`` as in URLs, but not packed into text."""

    project_id: Annotated[str | None, Meta(description="The project; an API key's own if left out.")] = None
    since: Annotated[str | None, Meta(description="Start, inclusive: an RFC 3339 time, or a date.")] = wire_field(
        default=None, name="from"
    )
    until: Annotated[str | None, Meta(description="End, exclusive; now when left out.")] = wire_field(
        default=None, name="to"
    )
    range: Annotated[str | None, Meta(description="How far back from now, as `90m`, `24h`, `7d`, `4w`.")] = None
    timezone: Annotated[str | None, Meta(description="A name such as `Europe/Berlin`; else the project's.")] = None
    filters: FiltersIn = wire_field(default_factory=list)


def body_frame(context: Context, body: FrameIn) -> Frame:
    """The frame that a body asks for.

    Raises:
        Invalid: naming the member.
    """
    return make_frame(
        context,
        since=body.since,
        until=body.until,
        range=body.range,
        timezone=body.timezone,
        filters=body.filters,
    )
