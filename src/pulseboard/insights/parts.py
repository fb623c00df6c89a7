"""The WHERE of what is read piece by piece: in whole steps, of which the engine keeps totals, or row by row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pulseboard.insights.catalog import STEPS, Step
from pulseboard.insights.plan import Piece
from pulseboard.insights.statement import STEP, Params
from pulseboard.store.base import Param, ProjectScope

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of time, in order, that one SELECT reads in the same step."""

    step: Step
    pieces: tuple[Piece, ...]


def parts(pieces: Iterable[Piece]) -> list[Part]:
    """The pieces by their step. Each part is one SELECT, because planning one costs more than reading a few days."""
    steps = dict.fromkeys(piece.step for piece in pieces)
    return [Part(STEPS[step], tuple(piece for piece in pieces if piece.step == step)) for step in steps]


def inside(scope: ProjectScope, part: Part, params: Params) -> list[str]:
    """Scope and range of one part: what stands first in its WHERE."""
    runs = [_run(part.step, run, params) for run in _runs(part)]
    project = f"project_id = {params.put('project', 'UUID', scope.project_id)}"
    if len(runs) == 1:
        return [project, *runs[0]]
    # Nothing is said twice: the engine holds every condition against every mark of the table before it reads.
    either = f"\n{STEP * 2}OR ".join(f"({' AND '.join(run)})" for run in runs)
    return [project, f"({either})"]


def _runs(part: Part) -> list[list[Piece]]:
    """Pieces that follow one another without a gap."""
    runs = [[part.pieces[0]]]
    for piece in part.pieces[1:]:
        if piece.period.since == runs[-1][-1].period.until:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _run(step: Step, run: list[Piece], params: Params) -> list[str]:
    """The range of pieces that have no gap between them."""
    begin, end = _since(step, run[0], params), until(step, run[-1], params)
    times = [f"{step.sql} >= {begin}", f"{step.sql} < {end}"]
    return times if step is not STEPS["row"] else [*times, *_days(run, params)]


def _since(step: Step, piece: Piece, params: Params) -> str:
    return params.put(f"since_{piece.number}", step.type, _time(step, piece.period.since))


def until(step: Step, piece: Piece, params: Params) -> str:
    """Where the piece ends, as a time of its step."""
    return params.put(f"until_{piece.number}", step.type, _time(step, piece.period.until))


def _days(run: list[Piece], params: Params) -> list[str]:
    """The range again as days, which say nothing new; but the table lies in their order, and skips only by them."""
    day, first, last = STEPS["day"], run[0], run[-1]
    begin, end = _time(day, first.period.since), _time(day, last.period.until - _MILLISECOND)
    since = params.put(f"first_day_{first.number}", day.type, begin)
    if begin == end:
        return [f"{day.sql} = {since}"]
    return [f"{day.sql} >= {since}", f"{day.sql} <= {params.put(f'last_day_{last.number}', day.type, end)}"]


def _time(step: Step, value: datetime) -> Param:
    return value.strftime(step.form) if step.form else value
