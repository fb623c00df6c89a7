"""Sets of persons: who has events that pass filters, of each bucket of some stretches of time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pulseboard.insights.buckets import moment
from pulseboard.insights.catalog import METRICS, PERSONS, Step
from pulseboard.insights.conditions import conditions
from pulseboard.insights.parts import inside, parts
from pulseboard.insights.plan import Piece, by_step, kept_step
from pulseboard.insights.query import Filters, Period, Query
from pulseboard.insights.statement import Params, all_of, over, select, union
from pulseboard.store.base import ProjectScope

USERS = METRICS["users"]
# Buckets that cut days (weeks of a zone other than UTC) are cut apart. The engine looks at every mark for each of them.
MAX_CUTS = 30


def pieces(
    scope: ProjectScope, periods: Iterable[Period], filters: Filters, starts: Sequence[int], first: int
) -> tuple[Piece, ...]:
    """The periods, which follow one another, cut so that whole days are read from what the engine keeps of them.

    They are numbered from ``first`` on. Buckets begin at ``starts``; a piece lies in one of them, or ends with a day.
    """
    found: list[Piece] = []
    for period in periods:
        query = Query(scope, period, ("users",), filters=filters)
        step, whole = kept_step(query, starts), [period]
        if step == "row" and len(starts) <= MAX_CUTS:
            step, whole = kept_step(query, ()), _cut(period, starts)
        found += [piece for each in whole for piece in by_step(Piece(each), step)]
    return tuple(replace(piece, number=number) for number, piece in enumerate(found, first))


def _cut(period: Period, starts: Iterable[int]) -> list[Period]:
    inner = (start for start in map(moment, starts) if period.since < start < period.until)
    return [Period(since, until) for since, until in pairwise([period.since, *inner, period.until])]


def crowds(
    scope: ProjectScope,
    cut: Iterable[Piece],
    filters: Filters,
    params: Params,
    name: str,
    bucket: Callable[[Step], str],
) -> str:
    """A row for each bucket that has such events: ``bucket``, and the set of their ``persons``.

    ``name`` begins the names of the filters' parameters.
    """
    read = []
    for part in parts(cut):
        where = all_of(inside(scope, part, params), conditions(filters, params, name))
        columns = [f"{bucket(part.step)} AS bucket", f"{USERS.partial} AS users"]
        read.append(f"{select(columns)}\nFROM events\nWHERE {where}\nGROUP BY bucket")
    return over(["bucket", f"{PERSONS} AS persons"], union(read), "GROUP BY bucket")
