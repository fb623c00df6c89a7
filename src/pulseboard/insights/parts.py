"""The WHERE of what is read piece by piece: in whole steps, of which the engine keeps totals, or row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from pulseboard.insights.catalog import STEPS, Step
from pulseboard.insights.plan import Piece
from pulseboard.insights.statement import STEP, Params
from pulseboard.store.base import Param, ProjectScope

MOST_DAYS = 31  # that are named one by one
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
    """Scope and range of one part: what stands first in its WHERE.

    The engine holds every condition against every mark of the table before it reads, so nothing is said twice.
    """
    project = f"project_id = {params.put('project', 'UUID', scope.project_id)}"
    runs = _runs(part)
    if len(runs) == 1:
        return [project, *_run(part.step, runs[0], params)]
    days = sorted({day for run in runs for day in _touched(run)})
    if part.step is STEPS["row"] and len(days) <= MOST_DAYS:
        return [project, *_on_days(runs, days, params)]
    either = f"\n{STEP * 2}OR ".join(f"({' AND '.join(_run(part.step, run, params))})" for run in runs)
    return [project, f"({either})"]


def _on_days(runs: list[list[Piece]], days: list[str], params: Params) -> list[str]:
    """The rows of runs that touch few days: from the first to the last, on these days, and in none of the gaps."""
    row, day = STEPS["row"], STEPS["day"]
    begin, end = _since(row, runs[0][0], params), until(row, runs[-1][-1], params)
    on = f"{day.sql} IN {params.put(f'days_{runs[0][0].number}', f'Array({day.type})', days)}"
    gaps = [
        f"({row.sql} < {until(row, before[-1], params)} OR {row.sql} >= {_since(row, after[0], params)})"
        for before, after in pairwise(runs)
        if not (_midnight(before[-1].period.until) and _midnight(after[0].period.since))
    ]
    return [f"{row.sql} >= {begin}", f"{row.sql} < {end}", on, *gaps]


def _touched(run: list[Piece]) -> Iterator[str]:
    """The UTC days of a run, as text; no more than tell that they are too many."""
    first, last = run[0].period.since.date(), (run[-1].period.until - _MILLISECOND).date()
    for number in range(min((last - first).days, MOST_DAYS) + 1):
        yield (first + timedelta(days=number)).isoformat()


def _midnight(moment: datetime) -> bool:
    return moment.timetz() == time(tzinfo=UTC)


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
