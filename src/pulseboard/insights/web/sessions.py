"""Statements about visits to a site: sessions with a page view, each with what its first or last view tells.

A session is made of its events in the asked period that pass the filters. It is a bounce when that is one event, and
lasts from its first to its last. Of several persons in one session, it counts for the one who has been known longest.
"""

from pulseboard.insights.catalog import NOT_SET, PERSON, SESSION
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.edges import AT, PAGE, first, last, text
from pulseboard.insights.parse import Frame
from pulseboard.insights.statement import Params, Statement, all_of, over, select

_VIEW = "kind = 'PAGE_VIEW'"
_LENGTHS = (
    "count() AS sessions",
    "countIf(events = 1) AS bounces",
    "sum(last - first) AS milliseconds",
)
# The lowest of the persons' numbers, which begin at 1; 0 is nobody.
_PERSON = (f"min(if({PERSON} = 0, 4294967295, {PERSON})) AS known", "if(known = 4294967295, 0, known) AS visitor")
_SUMS = ("sum(views) AS views", "groupBitmapIf(visitor, visitor != 0) AS visitors", *_LENGTHS)

# What a visit's first page view tells of it, or its last.
ENTRIES: dict[str, str] = {
    "channel": "channel",
    "referrer": "referrer_domain",
    "referrerUrl": "referrer",
    "utmSource": "utm_source",
    "utmMedium": "utm_medium",
    "utmCampaign": "utm_campaign",
    "utmTerm": "utm_term",
    "utmContent": "utm_content",
    "entryPage": PAGE,
}
EXITS: dict[str, str] = {"exitPage": PAGE}
BY_SESSION: tuple[str, ...] = (*ENTRIES, *EXITS)


def render_sessions(frame: Frame) -> Statement:
    """One row: ``sessions, bounces, milliseconds`` of all sessions together."""
    params = Params()
    return Statement(over(_LENGTHS, _sessions(frame, params)), params.values)


def render_breakdown(frame: Frame, by: str, limit: int) -> Statement:
    """``label, views, visitors`` and the same for each value of ``by``, one of ``BY_SESSION``; most sessions first."""
    params = Params()
    inner = _sessions(frame, params, *_PERSON, f"{_edge(by)} AS told")
    columns = [f"ifNull(nullIf(toString(told), ''), '{NOT_SET}') AS label", *_SUMS]
    tail = ("GROUP BY label", "ORDER BY sessions DESC, label", f"LIMIT {params.put('limit', 'UInt32', limit)}")
    return Statement(over(columns, inner, *tail), params.values)


def _sessions(frame: Frame, params: Params, *more: str) -> str:
    """One row for each session."""
    columns = [
        f"countIf({_VIEW}) AS views",
        "count() AS events",
        f"min({AT}) AS first",
        f"max({AT}) AS last",
        *more,
    ]
    where = all_of(within(frame.scope, frame.period, params), [f"{SESSION} != 0"], conditions(frame.filters, params))
    return f"{select(columns)}\nFROM events\nWHERE {where}\nGROUP BY {SESSION}\nHAVING views > 0"


def _edge(by: str) -> str:
    """The value on the first page view, or the last; of several at one instant the first (the last) by letters."""
    return text(first(ENTRIES[by], _VIEW) if by in ENTRIES else last(EXITS[by], _VIEW))
