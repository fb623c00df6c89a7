"""Who comes back: retention and churn as frozen data, and how bodies become them.

**Retention.** Periods are days, weeks or months of the time zone. ``first``: a user belongs to the cohort of the period
of the first start event in the range. ``first_ever``: the same, but only who had no start event before the range.
``recurring``: a user belongs to the cohort of every period with a start event. ``retained[k]`` counts the users of the
cohort with a return event in the k-th period after; ``unbounded`` counts those with one in that period or any later
one. Only events in the range count, so the first and the last period may be parts of one.

**Churn.** A user is active in a period with an event of that name, new in the first of the range, and churned in the
period after an active one if not active in it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, field

from pulseboard.errors import Invalid
from pulseboard.insights.buckets import SHORTEST, borders, millis
from pulseboard.insights.frames import Context, FiltersIn, FrameIn, body_frame
from pulseboard.insights.parse import Frame, name_filter, parse_time
from pulseboard.insights.product.cursors import read_cursor
from pulseboard.insights.query import Filters

MAX_PERIODS = 200

Cohorts = Literal["first", "first_ever", "recurring"]
CalendarPeriod = Literal["day", "week", "month"]
EventIn = Annotated[str, Meta(min_length=1, description="The events' name; any event if left out.")]


@dataclass(frozen=True, slots=True)
class Retention:
    """``starts`` are the periods' beginnings in milliseconds since 1970; filters hold the events' names, too."""

    frame: Frame
    period: CalendarPeriod
    starts: tuple[int, ...]
    start: Filters
    back: Filters
    cohorts: Cohorts = "first"
    unbounded: bool = False


@dataclass(frozen=True, slots=True)
class RetentionUsers:
    """The users of the cohort of period ``cohort`` who were retained ``k`` periods later, or those who were not.

    ``after`` is the number of the last person on the page before.
    """

    retention: Retention
    cohort: int
    k: int
    retained: bool
    limit: int
    after: int = 0


class ChurnIn(FrameIn, kw_only=True):
    """Users who were active in one period and not in the next."""

    period: CalendarPeriod = "week"
    event: EventIn | None = None


class RetentionIn(FrameIn, kw_only=True):
    """``returnEvent`` and ``returnFilters`` are those of the start if both are left out."""

    period: CalendarPeriod = "week"
    start_event: EventIn | None = None
    start_filters: FiltersIn = field(default_factory=list)
    return_event: EventIn | None = None
    return_filters: FiltersIn = field(default_factory=list)
    cohorts: Cohorts = "first"
    unbounded: bool = False


class RetentionUsersIn(RetentionIn, kw_only=True):
    """``cohort`` is the ``start`` of one of the cohorts, ``k`` the number of periods after it."""

    cohort: Annotated[str, Meta(max_length=40, description="Start of the cohort's period, or a date.")]
    k: Annotated[int, Meta(ge=0, lt=MAX_PERIODS)]
    retained: bool = True
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=20, description="`nextCursor` of the page before.")] | None = None


def parse_retention(body: RetentionIn, context: Context) -> Retention:
    """The retention that a body asks for.

    Raises:
        Invalid: naming the member that is wrong.
    """
    frame = body_frame(context, body)
    start = _events("start", body.start_event, context.filters("startFilters", body.start_filters, frame))
    same = body.return_event is None and not body.return_filters
    back = _events("return", body.return_event, context.filters("returnFilters", body.return_filters, frame))
    starts = period_starts(frame, body.period)
    return Retention(frame, body.period, starts, start, start if same else back, body.cohorts, body.unbounded)


def parse_retention_users(body: RetentionUsersIn, context: Context) -> RetentionUsers:
    """One page of a cell's users.

    Raises:
        Invalid: naming the member that is wrong.
    """
    retention = parse_retention(body, context)
    cohort = millis(parse_time("cohort", body.cohort, ZoneInfo(retention.frame.timezone)))
    if cohort not in retention.starts:
        raise Invalid.field("cohort", "must be the start of one of the cohorts")
    if retention.starts.index(cohort) + body.k >= len(retention.starts):
        raise Invalid.field("k", "must lie in the range")
    return RetentionUsers(retention, cohort, body.k, body.retained, body.limit, read_cursor(body.cursor))


def parse_churn(body: ChurnIn, context: Context) -> Retention:
    """Churn is read off the cohorts of all who were active, of which there is one each period.

    Raises:
        Invalid: naming the member that is wrong.
    """
    frame = body_frame(context, body)
    active = () if body.event is None else (name_filter("event", body.event),)
    return Retention(frame, body.period, period_starts(frame, body.period), active, active, "recurring")


def period_starts(frame: Frame, period: CalendarPeriod) -> tuple[int, ...]:
    """Where each of the range's periods begins.

    Raises:
        Invalid: there would be too many.
    """
    if frame.period.length > MAX_PERIODS * SHORTEST[period] - timedelta(days=2):
        raise Invalid.field("period", f"would make more than {MAX_PERIODS} of them; choose a longer one or less time")
    return borders(frame.period, period, ZoneInfo(frame.timezone))


def _events(which: str, name: str | None, filters: Filters) -> Filters:
    return filters if name is None else (name_filter(f"{which}Event", name), *filters)
