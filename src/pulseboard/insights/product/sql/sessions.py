"""The statement of sessions: a row for each, then what they are together, by interval, and by the pages at their edges.

All of it is read in one pass: the pages are a second thing to group by, not a second question.
"""

from pulseboard.insights.catalog import NOT_SET, SESSION
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.edges import AT, PAGE, first, last, text
from pulseboard.insights.product.sessions import Sessions
from pulseboard.insights.statement import Params, Statement, all_of, over, select

_VIEW = "kind = 'PAGE_VIEW'"
# What a row is of, as grouping() tells: a bit for each of start, entry and exit that it is not grouped by.
WHOLE, INTERVAL, ENTRY, EXIT = 7, 3, 5, 6
_TIMES = (f"min({AT}) AS begun", f"max({AT}) - begun AS took", "count() AS events")
_PAGES = (f"{first(PAGE, _VIEW)} AS entered", f"{last(PAGE, _VIEW)} AS left")
_SUMS = (
    "count() AS sessions",
    "countIf(events = 1) AS bounces",
    "sum(events) AS hits",
    "sum(took) AS time",
    "quantileExactInclusive(0.5)(took) AS median",
)


def render_sessions(asked: Sessions) -> Statement:
    """A row for each ``part`` that has sessions: the whole, each interval (by ``start``), and each entry and exit.

    Of entries and exits there are at most ``limit``, the most ``visits`` first, which are the sessions with a page
    view. ``time`` and ``median`` are in milliseconds.
    """
    params = Params()
    begun = f"roundDown(begun, {params.put('starts', 'Array(Int64)', asked.starts)}) AS start"
    if not asked.limit:
        sessions = over([begun, "took", "events"], _each(asked, params, _TIMES))
        part = f"if(grouping(start) = 1, {WHOLE}, {INTERVAL}) AS part"
        return Statement(over([part, "start", *_SUMS], sessions, "GROUP BY GROUPING SETS ((), (start))"), params.values)
    pages = [f"{text('entered')} AS entry", f"{text('left')} AS exit", "entered != '' AS visit"]
    sessions = over([begun, "took", "events", *pages], _each(asked, params, (*_TIMES, *_PAGES)))
    page = f"ifNull(nullIf(concat(entry, exit), ''), '{NOT_SET}') AS page"
    columns = ["grouping(start, entry, exit) AS part", "start", page, "countIf(visit) AS visits", *_SUMS]
    tail = (
        "GROUP BY GROUPING SETS ((), (start), (entry), (exit))",
        "ORDER BY part, visits DESC, page",
        f"LIMIT {params.put('limit', 'UInt32', asked.limit)} BY part, start",
    )
    return Statement(over(columns, sessions, *tail), params.values)


def _each(asked: Sessions, params: Params, columns: tuple[str, ...]) -> str:
    frame = asked.frame
    where = all_of(within(frame.scope, frame.period, params), [f"{SESSION} != 0"], conditions(frame.filters, params))
    return f"{select(columns)}\nFROM events\nWHERE {where}\nGROUP BY {SESSION}"
