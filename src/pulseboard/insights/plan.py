"""From what is asked to how it is read: small rewrites, each doing one thing, in a fixed order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from pulseboard.errors import Invalid
from pulseboard.insights import buckets, catalog
from pulseboard.insights.query import Filter, Grain, Period, Query, leaves, renamed

MAX_BUCKETS = 10_000
DEFAULT_GROUPS = 50
DEFAULT_SERIES = 10
MAX_GROUPS = 1_000

# Up to this length of the period, this grain: the first that fits leaves a chart with at most some hundred points.
_DEFAULT_GRAINS: tuple[tuple[timedelta, Grain], ...] = (
    (timedelta(hours=3), "minute"),
    (timedelta(days=3), "hour"),
    (timedelta(days=183), "day"),
    (timedelta(days=3 * 366), "week"),
)

StepName = Literal["day", "quarter", "row"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time, its number in the order of time, and the asked periods it is part of.

    Its ends fall on full steps, so whole steps may answer for their rows.
    """

    period: Period
    of: tuple[int, ...] = (0,)
    step: StepName = "row"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """``periods`` are answered one by one, the asked one first."""

    query: Query
    periods: tuple[Period, ...] = ()
    pieces: tuple[Piece, ...] = ()
    grain: Grain | None = None
    starts: tuple[int, ...] = ()
    limit: int = MAX_GROUPS


def preceding(period: Period) -> Period | None:
    """The period of equal length just before; None where it would begin before 1970, when no event can be."""
    since = period.since - period.length
    return Period(since, period.since) if since.timestamp() >= 0 else None


def settle_grain(plan: Plan) -> Plan:
    """``auto`` becomes the grain that suits the period's length."""
    asked = plan.query.grain
    if asked != "auto":
        return replace(plan, grain=asked)
    length = plan.query.period.length
    return replace(plan, grain=next((grain for longest, grain in _DEFAULT_GRAINS if length <= longest), "month"))


def cut_buckets(plan: Plan) -> Plan:
    """Where each bucket of a series begins.

    Raises:
        Invalid: there would be too many.
    """
    if plan.grain is None:
        return plan
    period = plan.query.period
    if period.length / buckets.SHORTEST[plan.grain] > MAX_BUCKETS:
        raise Invalid.field("interval", f"would make more than {MAX_BUCKETS} points; choose a longer one or less time")
    return replace(plan, starts=buckets.borders(period, plan.grain, ZoneInfo(plan.query.timezone)))


def settle_limit(plan: Plan) -> Plan:
    """How many groups, or series beside ``Other``, there may be."""
    usual = DEFAULT_SERIES if plan.grain else DEFAULT_GROUPS
    return replace(plan, limit=min(plan.query.limit or usual, MAX_GROUPS))


def split_periods(plan: Plan) -> Plan:
    """Periods that overlap are cut where one of them begins or ends, so that every row is read once."""
    query = plan.query
    asked = (query.period, *query.also)
    cuts = sorted({moment for period in asked for moment in (period.since, period.until)})
    parts = (Period(since, until) for since, until in pairwise(cuts))
    pieces = (Piece(part, tuple(i for i, period in enumerate(asked) if _inside(part, period))) for part in parts)
    return replace(plan, periods=asked, pieces=tuple(piece for piece in pieces if piece.of))


def name_pages(plan: Plan) -> Plan:
    """Where only page views are asked for, their pages by the names under which the engine keeps them."""
    query = plan.query
    if not any(map(catalog.is_view, query.filters)):
        return plan
    dimensions = tuple(catalog.VIEWED.get(each, each) for each in query.dimensions)
    viewed = replace(query, dimensions=dimensions, filters=renamed(query.filters, catalog.VIEWED))
    return plan if kept_step(viewed, plan.starts) == "row" else replace(plan, query=viewed)


def use_steps(plan: Plan) -> Plan:
    """The full steps inside a piece are read from what the engine keeps per step, only the rest row by row."""
    step = kept_step(plan.query, plan.starts)
    return replace(plan, pieces=tuple(part for piece in plan.pieces for part in by_step(piece, step)))


def number_pieces(plan: Plan) -> Plan:
    """Pieces are told apart by their place."""
    return replace(plan, pieces=tuple(replace(piece, number=i) for i, piece in enumerate(plan.pieces)))


REWRITES: tuple[Callable[[Plan], Plan], ...] = (
    settle_grain,
    cut_buckets,
    settle_limit,
    split_periods,
    name_pages,
    use_steps,
    number_pieces,
)


def plan(query: Query) -> Plan:
    """The query with every default settled and its time split into what is read at once."""
    made = Plan(query)
    for rewrite in REWRITES:
        made = rewrite(made)
    return made


@dataclass(frozen=True, slots=True)
class Kept:
    """What the engine keeps for each step (``store/schema``): these ``metrics``, by the columns that are told apart."""

    step: StepName
    columns: frozenset[str]
    metrics: frozenset[str]


_KEPT = (
    Kept("quarter", frozenset({"kind", "type", "name", "bot"}), frozenset({"events", "errors"})),
    Kept("day", frozenset({"kind", "bot"}), frozenset({"events", "errors", "users", "sessions"})),
    Kept("day", frozenset({"kind", "name", "bot"}), frozenset({"events", "errors", "users"})),
    Kept("day", frozenset({"kind", "bot", "viewed.host", "viewed.path"}), frozenset({"events", "users"})),
)


def kept_step(query: Query, starts: Iterable[int]) -> StepName:
    """The step of which the engine keeps all that is asked, if no bucket that begins at ``starts`` cuts one."""
    tests = tuple(leaves(query.filters))
    filters = [each for each in tests if isinstance(each, Filter)]
    dimensions = {*query.dimensions, *(each.dimension for each in filters if not catalog.is_kind(each))}
    if query.segment or len(filters) < len(tests) or any(each.custom for each in dimensions):
        return "row"
    columns = {each.key for each in dimensions} | {"kind" for each in filters if catalog.is_kind(each)}
    for kept in _KEPT:
        if columns <= kept.columns and kept.metrics.issuperset(query.metrics) and _cuts_no(kept.step, starts):
            return kept.step
    return "row"


def _cuts_no(step: StepName, starts: Iterable[int]) -> bool:
    return not any(start % catalog.STEPS[step].width for start in starts)


def by_step(piece: Piece, name: StepName) -> list[Piece]:
    """The full steps inside the piece as one, and what is left of it at its ends."""
    if name == "row":
        return [piece]
    width = timedelta(milliseconds=catalog.STEPS[name].width)
    since, until = piece.period.since, piece.period.until
    first, last = -(-_since_1970(since) // width), _since_1970(until) // width
    if first >= last:
        return [piece]
    inner = Period(_EPOCH + first * width, _EPOCH + last * width)
    parts = [replace(piece, period=inner, step=name)]
    if since < inner.since:
        parts.insert(0, replace(piece, period=Period(since, inner.since)))
    if inner.until < until:
        parts.append(replace(piece, period=Period(inner.until, until)))
    return parts


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _since_1970(moment: datetime) -> timedelta:
    return moment - _EPOCH


def _inside(part: Period, period: Period) -> bool:
    return period.since <= part.since and part.until <= period.until
