"""The statement of paths: everybody's steps, the links between them, and the most frequent of each level."""

from textwrap import indent

from pulseboard.insights.catalog import NOT_SET, PERSON, SESSION
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.edges import PAGE, placed, text
from pulseboard.insights.product.paths import Paths
from pulseboard.insights.statement import STEP, Params, Statement, all_of, over, select

_LABELS = {
    "pages": f"ifNull(nullIf({PAGE}, ''), '{NOT_SET}')",
    "events": f"ifNull(nullIf(name, ''), '{NOT_SET}')",
}
_UNITS = {"session": SESSION, "user": PERSON}


def render_paths(asked: Paths) -> Statement:
    """One row for each link: ``level``, ``here`` and ``there`` (places in a level, from 1), ``label`` (of here), ``n``.

    The places after ``limit`` are one, the next; a ``there`` of 0 is the end of a path.
    """
    params = Params()
    limit = params.put("limit", "UInt32", asked.limit)
    # Each link is looked at from both of its ends, so that each end is ranked among all of its level.
    ends = over(
        ["level", "source", "target", "n", "end", "if(end = 1, source, target) AS label", "level + end - 1 AS at"],
        _links(asked, params),
        "ARRAY JOIN [1, 2] AS end",
        "WHERE label != ''",
    )
    weighed = over(["*", "sum(if(end = 1, n, 0)) OVER (PARTITION BY at, label) AS weight"], ends)
    ranked = over(["*", "dense_rank() OVER (PARTITION BY at ORDER BY weight DESC, label) AS place"], weighed)
    places = [f"sumIf(least(place, {limit} + 1), end = {end}) AS {name}" for end, name in ((1, "here"), (2, "there"))]
    links = over(["level", "source", "any(n) AS m", *places], ranked, "GROUP BY level, source, target")
    columns = ["level", "here", "there", "min(source) AS label", "sum(m) AS n"]
    tail = ("GROUP BY level, here, there", "ORDER BY level, here, there")
    return Statement(over(columns, links, *tail), params.values)


def _links(asked: Paths, params: Params) -> str:
    """How often each step was followed by each other one, level by level; by '' where a path ends."""
    pair = "i -> (i - 1, walk[i], if(i < length(walk), walk[i + 1], ''))"
    links = over([f"arrayJoin(arrayMap({pair}, range(1, length(walk) + 1))) AS link"], _walks(asked, params))
    columns = ["link.1 AS level", "link.2 AS source", "link.3 AS target", "count() AS n"]
    return over(columns, links, "GROUP BY level, source, target")


def _walks(asked: Paths, params: Params) -> str:
    """Everybody's steps from the first on, or from the last one back."""
    told = f"arraySort(groupArray({placed(_LABELS[asked.steps])}))"
    steps = f"arrayCompact(arrayMap(t -> {text('t')}, {told})) AS steps"
    grouped = f"{select([steps])}\nFROM events\nWHERE {_where(asked, params)}\nGROUP BY {_UNITS[asked.unit]}"
    length = params.put("length", "UInt32", asked.levels + 1)
    edge = asked.start or asked.end
    if edge is None:
        return over([f"arraySlice(steps, 1, {length}) AS walk"], grouped)
    way = "steps" if asked.start else "arrayReverse(steps)"
    begin = f"indexOf(way, {params.put('edge', 'String', edge)})"
    return over([f"{way} AS way", f"arraySlice(way, {begin}, {length}) AS walk"], grouped)


def _rows(asked: Paths, params: Params) -> list[str]:
    frame, unit = asked.frame, _UNITS[asked.unit]
    seen = ["kind = 'PAGE_VIEW'"] if asked.steps == "pages" else []
    return [*within(frame.scope, frame.period, params), f"{unit} != 0", *seen, *conditions(frame.filters, params)]


def _where(asked: Paths, params: Params) -> str:
    """Who never was at the edge is not looked at."""
    edge, rows, unit = asked.start or asked.end, _rows(asked, params), _UNITS[asked.unit]
    if edge is None:
        return all_of(rows)
    there = f"{_LABELS[asked.steps]} = {params.put('edge', 'String', edge)}"
    units = f"{select([unit])}\nFROM events\nWHERE {all_of(rows, [there])}"
    return all_of(rows, [f"{unit} IN (\n{indent(units, STEP * 2)}\n{STEP})"])
