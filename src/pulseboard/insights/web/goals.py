"""Goals: what a site wants its visitors to do, and how many of them did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pulseboard.insights.catalog import PERSON
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.parse import Frame
from pulseboard.insights.statement import STEP, Params, Statement, all_of, select
from pulseboard.store import Store

GoalKind = Literal["page", "event"]

_VIEW = "kind = 'PAGE_VIEW'"
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_", "*": "%"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A view of a page whose path fits ``match``, where ``*`` stands for any text; or an event of that name."""

    kind: GoalKind
    match: str


@dataclass(frozen=True, slots=True)
class GoalCount:
    """``conversions`` counts events, ``visitors`` those visitors of the site who are behind them."""

    conversions: int
    visitors: int


def count_goals(store: Store, frame: Frame, goals: Sequence[Wanted]) -> tuple[int, list[GoalCount]]:
    """All visitors of the site, who are persons with a page view, and what came of each goal."""
    statement = render_goals(frame, goals)
    (row,) = store.read(statement.sql, statement.params, frame.scope)
    return row["visitors"], [GoalCount(row[f"events_{i}"], row[f"visitors_{i}"]) for i in range(len(goals))]


def render_goals(frame: Frame, goals: Sequence[Wanted]) -> Statement:
    """One row: ``visitors``, and ``events_<i>`` and ``visitors_<i>`` of each goal."""
    params = Params()
    reached = [_reached(goal, f"goal_{i}", params) for i, goal in enumerate(goals)]
    columns = [f"groupBitmapIf({PERSON}, {PERSON} != 0 AND {_VIEW}) AS visitors"]
    for i, condition in enumerate(reached):
        both = f"bitmapAndCardinality({_persons(_VIEW)}, {_persons(condition)})"
        columns += [f"countIf({condition}) AS events_{i}", f"{both} AS visitors_{i}"]
    scope, kept = within(frame.scope, frame.period, params), conditions(frame.filters, params)
    any_of = f"\n{STEP * 2}OR ".join([_VIEW, *(f"({condition})" for condition in reached)])
    where = all_of(scope, [f"({any_of})"], kept)
    return Statement(f"{select(columns)}\nFROM events\nWHERE {where}", params.values)


def _persons(condition: str) -> str:
    return f"groupBitmapStateIf({PERSON}, {PERSON} != 0 AND {condition})"


def _reached(goal: Wanted, name: str, params: Params) -> str:
    if goal.kind == "event":
        return f"name = {params.put(name, 'String', goal.match)}"
    if "*" not in goal.match:
        return f"{_VIEW} AND path = {params.put(name, 'String', goal.match)}"
    return f"{_VIEW} AND path LIKE {params.put(name, 'String', goal.match.translate(_LIKE))}"
