"""The query parameters of reads, as handlers and the OpenAPI document see them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import QueryParameter, SkipValidation

from pulseboard.insights import parse
from pulseboard.insights.buckets import touched_hours
from pulseboard.insights.frames import Context, SavedSegments, context_of, url_frame
from pulseboard.insights.parse import Frame
from pulseboard.insights.query import GRAINS, OPERATORS
from pulseboard.insights.schemas import MetaOut
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.ledger import Tally
from pulseboard.projects import ProjectView
from pulseboard.store import Store

AHEAD = timedelta(days=2)  # doors take events up to a day ahead

Watermark = Callable[[], datetime]
Reach = Callable[[str | None], ProjectView]  # a project's id, or None for a key's own -> the project, if it may be read
KeptSince = Callable[[str], date | None]  # a project -> the first UTC day whose events are kept; None where all are
Received = Callable[[str, int, int], Tally]  # project, first hour, hour after the last -> what came in them

Since = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="Start, inclusive: an RFC 3339 time, or a date in the time zone. Not together with `range`.",
    ),
]
Until = Annotated[
    str | None,
    QueryParameter(name="to", description="End, exclusive, written like `from`; now when left out. Not with `range`."),
]
Range = Annotated[
    str | None,
    QueryParameter(
        name="range",
        schema_extra={"pattern": f"^{parse.RANGE.pattern}$"},
        description="How far back from now: minutes, hours, days of 24 hours or weeks, as `90m`, `24h`, `7d`, `4w`. "
        f"{parse.DEFAULT_RANGE} when nothing is given.",
    ),
]
Timezone = Annotated[
    str | None,
    QueryParameter(name="timezone", description="A name such as `Europe/Berlin`; the project's when left out."),
]
Filters = Annotated[
    str | None,
    QueryParameter(
        name="filters",
        description="JSON list of conditions that must all hold. A condition is `{property, operator, value}`, "
        "`{and: [...]}`, `{or: [...]}`, `{did: {event, filters, times, range}}`, `{didNot: {...}}` or "
        f"`{{segment: id}}`. Operators: {', '.join(OPERATORS)}. `is` and `is_not` also take a list of values, "
        "`between` takes two numbers, `matches` a regular expression of RE2.",
    ),
]
EventName = Annotated[str | None, QueryParameter(name="name", description="Only events of this name.")]
EventType = Annotated[
    str | None,
    QueryParameter(name="type", description="Only events of this type; the well-known ones whatever their case."),
]
Interval = Annotated[
    str | None,
    QueryParameter(
        name="interval",
        schema_extra={"enum": list(GRAINS)},
        description="Length of a bucket; one that suits the period when left out.",
    ),
]
CalendarInterval = Annotated[
    str,
    QueryParameter(name="interval", schema_extra={"enum": ["day", "week", "month"]}, description="Length of a bucket."),
]
Breakdown = Annotated[
    str | None,
    QueryParameter(
        name="breakdown",
        description="A property, typed or your own: one series for each of its ten most frequent values, and `Other`.",
    ),
]
Top = Annotated[int, QueryParameter(name="limit", ge=1, le=1_000, description="How many to return at most.")]
OneEvent = Annotated[str | None, QueryParameter(name="event", description="The event's name; all events without.")]
PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="How many to return at most.")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`nextCursor` of the page before.")]

# Made and checked by us: the framework must not build them anew.
AskedFrame = Given[SkipValidation[Frame]]
Contexts = Callable[[str | None], Context]
Metas = Callable[[Frame], MetaOut]
AskedContexts = Given[SkipValidation[Contexts]]
AskedMetas = Given[SkipValidation[Metas]]
AskedContext = Given[SkipValidation[Context]]
AskedMeta = Given[SkipValidation[MetaOut]]
AskedProject = Given[SkipValidation[ProjectView]]
AskedStore = Given[SkipValidation[Store]]


def read_context(project: AskedProject, clock: Given[Clock], segments: Given[SavedSegments]) -> Context:
    """What surrounds the request's question."""
    return context_of(project.id, project.timezone, clock(), segments)


def read_frame(
    context: AskedContext,
    since: Since = None,
    until: Until = None,
    range_: Range = None,
    timezone: Timezone = None,
    filters: Filters = None,
) -> Frame:
    """The parameters that every read shares, for the project that the request may see."""
    return url_frame(context, since, until, range_, timezone, filters)


def read_selection(whole: AskedFrame, name: EventName = None, event_type: EventType = None) -> Frame:
    """The same, narrowed to one name, one type, or both."""
    named = () if name is None else (parse.name_filter("name", name),)
    typed = () if event_type is None else (parse.type_filter(event_type),)
    return replace(whole, filters=(*named, *typed, *whole.filters))


def read_listing(
    context: AskedContext,
    since: Since = None,
    until: Until = None,
    range_: Range = None,
    timezone: Timezone = None,
    filters: Filters = None,
) -> Frame:
    """Like ``read_frame``, but of all times when none is asked for: a list ends by its pages."""
    if since is None and until is None and range_ is None:
        since, until = rfc3339(parse.FIRST), rfc3339(context.now + AHEAD)
    return read_frame(context, since, until, range_, timezone, filters)


def read_meta(
    frame: AskedFrame,
    clock: Given[Clock],
    watermark: Given[Watermark],
    received: Given[Received],
    kept_since: Given[KeptSince],
) -> MetaOut:
    """Taken before the store is read, so that what it promises is in the answer."""
    through, project = watermark(), frame.scope.project_id
    made = meta_of(clock(), through, received(project, *touched_hours(frame.period)))
    made.kept_since = _cut(frame, kept_since(project))
    return made


def _cut(frame: Frame, first: date | None) -> str | None:
    """Since when there are events, if the range begins before that."""
    since = None if first is None else datetime.combine(first, time(), UTC)
    return rfc3339(since) if since is not None and frame.period.since < since else None


def read_contexts(reach: Given[Reach], clock: Given[Clock], segments: Given[SavedSegments]) -> Contexts:
    """The context of the project that a body names."""

    def context(project_id: str | None) -> Context:
        project = reach(project_id)
        return context_of(project.id, project.timezone, clock(), segments)

    return context


def read_metas(
    clock: Given[Clock], watermark: Given[Watermark], received: Given[Received], kept_since: Given[KeptSince]
) -> Metas:
    """``read_meta`` for frames that stand in a body."""
    return lambda frame: read_meta(frame, clock, watermark, received, kept_since)


def meta_of(now: datetime, through: datetime, came: Tally) -> MetaOut:
    """What is said ``now`` of numbers that are complete ``through`` a moment, where so much ``came``."""
    lag = max((now - through).total_seconds(), 0.0)
    return MetaOut(
        complete_through=rfc3339(through),
        lag_seconds=round(lag, 3),
        deduplicated=came.accepted - came.stored,
        late=came.late,
    )


_META = Provide(read_meta, sync_to_thread=True)
_CONTEXT = Provide(read_context, sync_to_thread=False)
BODY = {
    "contexts": Provide(read_contexts, sync_to_thread=False),
    "metas": Provide(read_metas, sync_to_thread=False),
}
FRAME = {"context": _CONTEXT, "frame": Provide(read_frame, sync_to_thread=False), "meta": _META}
SELECTION = {
    "context": _CONTEXT,
    "whole": Provide(read_frame, sync_to_thread=False),
    "frame": Provide(read_selection, sync_to_thread=False),
    "meta": _META,
}
LISTING = {
    "context": _CONTEXT,
    "whole": Provide(read_listing, sync_to_thread=False),
    "frame": Provide(read_selection, sync_to_thread=False),
    "meta": _META,
}
