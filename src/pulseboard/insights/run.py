"""Asks the store and shapes its rows. The engine leaves out what is zero; people want to see it."""

from dataclasses import dataclass, replace

from pulseboard.insights.catalog import OTHER
from pulseboard.insights.plan import Plan, plan, preceding
from pulseboard.insights.query import Grain, Query
from pulseboard.insights.render import render
from pulseboard.store.base import Row, Store

Totals = dict[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One series: a value for each bucket."""

    label: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """``starts`` are the buckets' beginnings in milliseconds since 1970."""

    grain: Grain
    starts: tuple[int, ...]
    lines: tuple[Line, ...]


def totals(store: Store, query: Query) -> list[Totals]:
    """The metrics over the asked period, then over each in ``also``."""
    made = plan(query)
    rows = {row["period"]: row for row in _read(store, made)}
    return [{name: int(rows.get(i, {}).get(name, 0)) for name in query.metrics} for i in range(len(made.periods))]


def compared(store: Store, query: Query) -> tuple[Totals, Totals | None]:
    """The metrics over the asked period and over the one of equal length before it; None if that is before 1970."""
    before = preceding(query.period)
    if before is None:
        return totals(store, query)[0], None
    now, then = totals(store, replace(query, also=(before,)))
    return now, then


def groups(store: Store, query: Query) -> list[Row]:
    """The rows of the dimensions' largest combinations: ``label_0``, ``label_1`` ... and the metrics."""
    return _read(store, plan(query))


def chart(store: Store, query: Query, label: str = "") -> Chart:
    """The first metric bucket by bucket. Without a dimension there is one line, called ``label``."""
    made = plan(query)
    if made.grain is None:
        raise ValueError("a chart needs a grain")
    found: dict[int, dict[int, int]] = {} if query.dimensions else {1: {}}
    labels = {1: label}
    for row in _read(store, made):
        rank = int(row.get("rank", 1))
        found.setdefault(rank, {})[int(row["start"])] = int(row[query.metrics[0]])
        if query.dimensions:
            labels[rank] = row["label_0"] if rank <= made.limit else OTHER
    lines = (
        Line(labels[rank], tuple(values.get(start, 0) for start in made.starts))
        for rank, values in sorted(found.items())
    )
    return Chart(made.grain, made.starts, tuple(lines))


def _read(store: Store, made: Plan) -> list[Row]:
    statement = render(made)
    return store.read(statement.sql, statement.params, made.query.scope)
