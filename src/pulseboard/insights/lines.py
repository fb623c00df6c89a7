"""Lines over time of any metrics: the store's rows, what the engine leaves out, and percentiles that grow too large."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pulseboard.insights.catalog import is_additive
from pulseboard.insights.measures import PERCENTILES
from pulseboard.insights.plan import Plan, plan
from pulseboard.insights.query import Filter, Query, place
from pulseboard.insights.render import render
from pulseboard.store.base import Row, Store

EXACT = 1_000_000  # values of which a percentile is exact at least
PLENTY = 4_000_000  # events of which no value needs to be counted: all of their values fit into the memory of a read
_EMPTY = frozenset({"events", "errors", "users", "sessions", "values", "sum"})  # nothing of these is 0, not unknown

Number = int | float | None
Point = tuple[int, int | None]  # a line's rank (0 where there is one line only), and a bucket's start or None: all
Found = dict[Point, Row]
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """``starts`` are the buckets' in milliseconds since 1970; ``rough`` are points whose percentiles are estimates."""

    starts: tuple[int, ...]
    found: Found
    rough: frozenset[Point]

    @property
    def ranks(self) -> list[int]:
        return sorted({rank for rank, _ in self.found})

    def value(self, metric: str, rank: int, start: int | None) -> Number:
        """A metric at a point; None where there is nothing to take it of."""
        return number(self.found.get((rank, start), {}), metric)


def number(row: Mapping[str, Number], metric: str) -> Number:
    """A metric in a row of the store, or what it is without one."""
    return row.get(metric, 0 if metric in _EMPTY else None)


def lines(store: Store, query: Query) -> Lines:
    """The query's metrics at each point of each line, and for each line as a whole."""
    if query.window == 1 and all(map(is_additive, query.metrics)):
        made = plan(query)
        return Lines(made.starts, _summed(_read(store, made), query.metrics), frozenset())
    made = plan(replace(query, totals=True))
    if not set(query.metrics) & set(PERCENTILES):
        return Lines(made.starts, _read(store, made), frozenset())
    busy = _busy(store, made.query)
    if not busy:
        return Lines(made.starts, _read(store, made), frozenset())
    return _of_many_values(store, made, only_whole=busy == {None})


def _of_many_values(store: Store, made: Plan, *, only_whole: bool) -> Lines:
    """Percentiles where there may be too many values: the points first, which say how many values there are."""
    query = replace(made.query, totals=False)
    if only_whole:
        counted = _read(store, plan(replace(query, metrics=tuple({*query.metrics, "values"}))))
        large: set[Point] = set()
    else:
        counted = _read(store, plan(replace(query, metrics=("values",))))
        large = _larger(counted)
    points = counted if only_whole else _mixed(store, query, large)
    large |= {point for point in _larger(_summed(counted, ("values",))) if point[1] is None}
    whole = _mixed(store, replace(query, grain=None), large)
    return Lines(made.starts, {**points, **whole}, frozenset(large))


def ranked_lines(store: Store, query: Query) -> tuple[tuple[Labels, ...], Lines]:
    """The lines of one metric whose parts add up, by the labels that come first: read once, and put in order then."""
    made = plan(query)
    statement = render(made)
    rows = store.read(statement.sql, statement.params, query.scope)
    names = [f"label_{i}" for i in range(len(query.dimensions))]
    labels = {row["rank"]: tuple(row[name] for name in names) for row in rows if row["rank"] <= made.limit}
    found: Found = {(row["rank"], row["start"]): row for row in rows}
    alone = tuple(labels[rank] for rank in sorted(labels))
    return alone, Lines(made.starts, _summed(found, query.metrics), frozenset())


def _summed(found: Found, metrics: tuple[str, ...]) -> Found:
    """With the whole of each line, which is the sum of its points."""
    wholes: Found = {}
    for (rank, _), row in found.items():
        whole = wholes.setdefault((rank, None), dict.fromkeys(metrics, 0))
        for metric in metrics:
            whole[metric] += row[metric]
    return {**found, **wholes}


def _busy(store: Store, query: Query) -> set[int | None]:
    """The buckets, and None for all of them, that have more events than a percentile may remember values.

    Events are counted from what the engine keeps, at next to no cost, and no point has more values than events.
    """
    plain = tuple(each for each in query.filters if isinstance(each, Filter))
    alone = replace(query, metrics=("events",), dimensions=(), labels=None, filters=_kept(plain), totals=False)
    events = _summed(_read(store, plan(alone)), ("events",))
    busy = {start for (_, start), row in events.items() if row["events"] > EXACT}
    return set() if events.get((0, None), {}).get("events", 0) <= PLENTY else busy


def _larger(counted: Found) -> set[Point]:
    return {point for point, row in counted.items() if row["values"] > EXACT}


def _kept(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Those that what the engine keeps can answer, which makes the first look cheap."""
    return tuple(each for each in filters if not each.dimension.custom and each.dimension.key in ("name", "type"))


def _mixed(store: Store, query: Query, large: set[Point]) -> Found:
    """The large points estimated, all others exact."""
    asked = replace(query, totals=True) if query.grain is None else query
    mine = {point for point in large if (point[1] is None) == (query.grain is None)}
    if not mine:
        return _read(store, plan(asked))
    numbered = tuple(sorted(place(*point) for point in mine))
    only = query.grain is None and query.labels is None
    exact = {} if only else _read(store, plan(replace(asked, without=numbered)))
    rough = _read(store, plan(replace(asked, rough=True)))
    return {**exact, **{point: row for point, row in rough.items() if point in mine}}


def _read(store: Store, made: Plan) -> Found:
    statement = render(made)
    rows = store.read(statement.sql, statement.params, made.query.scope)
    return {(row.get("rank", 0), None if row.get("whole") else row["start"]): row for row in rows}
