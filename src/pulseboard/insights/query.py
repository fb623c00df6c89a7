"""What is asked, as frozen data. Many parsers make a ``Query``; one renderer turns it into SQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from pulseboard.kit.ids import is_uuid
from pulseboard.store.base import ProjectScope

Grain = Literal["minute", "hour", "day", "week", "month"]
GRAINS: tuple[Grain, ...] = get_args(Grain)

Operator = Literal[
    "is",
    "is_not",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "matches",
    "greater",
    "greater_or_equal",
    "less",
    "less_or_equal",
    "between",
    "set",
    "not_set",
]
OPERATORS: tuple[Operator, ...] = get_args(Operator)

# What comes first: by the first metric, or by its quotient with the second, or by the labels.
Order = Literal["largest", "smallest", "largest_quotient", "smallest_quotient", "label"]
ORDERS: tuple[Order, ...] = get_args(Order)

FilterValue = str | float


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` (inclusive) to ``until`` (exclusive), both aware."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a period needs aware times")
        if self.since >= self.until:
            raise ValueError("a period needs its start before its end")

    @property
    def length(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something that events differ by: a name of the catalog, or the key of a custom property."""

    key: str
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps the events whose ``dimension`` answers ``operator``.

    Several values mean any of them (``is_not``: none); the two of ``between`` are its ends, both inclusive.
    """

    dimension: Dimension
    operator: Operator
    values: tuple[FilterValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Keeps the events that pass all of its parts, or any of them."""

    joined: Literal["and", "or"]
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Did:
    """Keeps the events of users who did something: at least ``times`` events in ``period`` that pass ``filters``.

    ``negated`` keeps those of all other users. The events of nobody never pass.
    """

    scope: ProjectScope
    period: Period
    filters: "Filters" = ()
    times: int = 1
    negated: bool = False

    def __post_init__(self) -> None:
        require_project(self.scope)


Condition = Filter | Group | Did
Filters = tuple[Condition, ...]  # made by the parsers only; all of them must hold


def leaves(filters: Filters) -> Iterator[Filter | Did]:
    """The conditions that stand at the ends of the groups."""
    for each in filters:
        if isinstance(each, Group):
            yield from leaves(each.parts)
        else:
            yield each


def renamed(filters: Filters, names: Mapping[Dimension, Dimension]) -> Filters:
    """The filters with some dimensions in the place of others."""
    return tuple(_renamed(each, names) for each in filters)


def _renamed(asked: Condition, names: Mapping[Dimension, Dimension]) -> Condition:
    match asked:
        case Filter():
            return replace(asked, dimension=names.get(asked.dimension, asked.dimension))
        case Group():
            return replace(asked, parts=renamed(asked.parts, names))
        case Did():
            return asked


@dataclass(frozen=True, slots=True)
class Query:
    """One question about one project's events.

    Without ``grain`` the answer is one row for each combination of ``dimensions`` (by ``order``, at most ``limit``
    rows), or totals when there are none. With ``grain`` it is a series, cut in ``timezone``: of one metric, of whose
    dimension's values the ``limit`` largest stand alone and the rest counts as one, or of several, with ``labels``.

    ``also`` asks for totals of further periods in the same pass. ``segment`` is a kind of events that the catalog
    knows. ``measured`` is the numeric dimension of the metrics in ``catalog.NUMERIC``. ``labels`` names the
    combinations of dimensions that stand alone, which makes all others one. ``totals`` asks for those of a series'
    lines, which of users are less than the sum of its points. ``window`` makes each day of a series count the events
    of that many days, itself the last. ``rough`` takes percentiles that need not be exact, and
    ``without`` leaves out the points, or lines, that are numbered so by ``place``.
    """

    scope: ProjectScope
    period: Period
    metrics: tuple[str, ...]
    timezone: str = "UTC"
    dimensions: tuple[Dimension, ...] = ()
    filters: Filters = ()
    grain: Grain | Literal["auto"] | None = None
    also: tuple[Period, ...] = ()
    segment: str | None = None
    limit: int | None = None
    order: Order = "largest"
    measured: Dimension | None = None
    labels: tuple[tuple[str, ...], ...] | None = None
    totals: bool = False
    window: int = 1
    rough: bool = False
    without: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_project(self.scope)
        if not self.metrics:
            raise ValueError("a query needs a metric")
        if self.also and (self.dimensions or self.grain):
            raise ValueError("only totals can be asked for several periods at once")


PLACES = 1024  # more lines than a series can have


def place(rank: int, start: int | None) -> int:
    """A number for the point of the line ``rank`` that begins at ``start``, or for the whole line."""
    return rank if start is None else start * PLACES + rank


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest events of one project, at most ``limit``; ``before`` is the time and id of the last one seen.

    ``persons`` are the numbers of those whose events they are, everybody's without.
    """

    scope: ProjectScope
    period: Period
    limit: int
    filters: Filters = ()
    before: tuple[datetime, str] | None = None
    persons: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require_project(self.scope)


def require_project(scope: object) -> None:
    """Refuses anything but one project's scope.

    Raises:
        TypeError: the scope is missing or wider than a project.
        ValueError: the project's id is none.
    """
    if not isinstance(scope, ProjectScope):
        raise TypeError("a query needs a project's scope")
    if not is_uuid(scope.project_id):
        raise ValueError("a query needs a project's id")
