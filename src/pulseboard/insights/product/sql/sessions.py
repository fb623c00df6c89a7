"""Statements of sessions: one row for each, then what they are together."""

from pulseboard.insights.catalog import NOT_SET, SESSION
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.product.sessions import Sessions
from pulseboard.insights.product.sql.edges import AT, first, last
from pulseboard.insights.statement import Params, Statement, all_of, over, select
from pulseboard.insights.web.sessions import PAGE

_VIEW = "kind = 'PAGE_VIEW'"
LABEL = f"if({PAGE} = '', '{NOT_SET}', {PAGE})"


def render_sessions(asked: Sessions) -> Statement:
    """One row: ``median`` (milliseconds), and ``intervals`` of (start, sessions, bounces, events, milliseconds)."""
    params = Params()
    starts = params.put("starts", "Array(Int64)", asked.starts)
    columns = [f"min({AT}) AS begun", f"max({AT}) - begun AS took", "count() AS events"]
    each = f"{select(columns)}\nFROM events\nWHERE {_where(asked, params)}\nGROUP BY {SESSION}"
    sums = ["count() AS sessions", "countIf(events = 1) AS bounces", "sum(events) AS hits", "sum(took) AS time"]
    median = "quantileExactInclusiveState(0.5)(took) AS middle"
    intervals = over([f"roundDown(begun, {starts}) AS start", *sums, median], each, "GROUP BY start")
    rows = "arraySort(groupArray((start, sessions, bounces, hits, time))) AS intervals"
    whole = over(["quantileExactInclusiveMerge(0.5)(middle) AS median", rows], intervals)
    return Statement(whole, params.values)


def render_edges(asked: Sessions) -> Statement:
    """The most frequent pages: ``edge`` (1 entry, 2 exit), ``page``, ``sessions``; by edge, most sessions first."""
    params = Params()
    pages = f"array({first(LABEL)}, {last(LABEL)}) AS pages"
    each = f"{select([pages])}\nFROM events\nWHERE {_where(asked, params, _VIEW)}\nGROUP BY {SESSION}"
    joined = "ARRAY JOIN pages AS page, [1, 2] AS edge"
    limit = params.put("limit", "UInt32", asked.limit)
    tail = (joined, "GROUP BY edge, page", "ORDER BY edge, sessions DESC, page", f"LIMIT {limit} BY edge")
    return Statement(over(["edge", "page", "count() AS sessions"], each, *tail), params.values)


def _where(asked: Sessions, params: Params, *more: str) -> str:
    frame = asked.frame
    some = [f"{SESSION} != 0", *more]
    return all_of(within(frame.scope, frame.period, params), some, conditions(frame.filters, params))
