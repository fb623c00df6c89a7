"""Numbers out: what a dashboard asks, over HTTP and of the engine itself."""

import itertools
import statistics
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from bench.engine import median
from bench.engine_calls import engine
from bench.questions import QUESTIONS, Question
from bench.served import serving, sign_in
from bench.table import Line, times
from pulseboard.kit.clock import rfc3339

SQL_BAR = 1.3
TURNS = 3
Times = dict[str, float]  # a question's name -> milliseconds


def in_turns(folder: Path, project_id: str) -> tuple[Times, Times]:
    """Every question over HTTP and by hand, medians of ``TURNS``, because no machine is always as quick."""
    http, hand = [], []
    for _ in range(TURNS):
        hand.append(by_hand(folder, project_id))
        http.append(over_http(folder, project_id))
    return _medians(http), _medians(hand)


def _medians(turns: list[Times]) -> Times:
    return {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}


def by_hand(folder: Path, project_id: str) -> Times:
    """The best SQL on the engine alone, over the data folder of a server that does not run."""
    return engine("reads", folder / "events", project_id)


def over_http(folder: Path, project_id: str) -> Times:
    """Every question over HTTP, each time of another millisecond, so that no answer was kept from the time before."""
    found: Times = {}
    with serving(folder) as served, httpx.Client(base_url=served.url, headers=sign_in(served), timeout=120) as client:
        for question in QUESTIONS:
            found[question.name] = median(partial(_ask, client, project_id, question, itertools.count()))
    return found


def _ask(client: httpx.Client, project_id: str, question: Question, turn: "itertools.count[int]") -> None:
    until = datetime.now(UTC) + timedelta(milliseconds=next(turn))
    asked = {
        "projectId": project_id,
        "from": rfc3339(until - timedelta(days=question.days)),
        "to": rfc3339(until),
        **question.params,
    }
    path = question.path.format(project=project_id)
    if question.body is not None:
        answer = client.post(path, json={**asked, **question.body})
    else:
        if path != question.path:
            del asked["projectId"]
        answer = client.get(path, params=asked)
    answer.raise_for_status()


def lines(http: Times, hand: Times, size: str) -> list[Line]:
    """Each question against the clock, where it has a bar of its own, and against hand-written SQL."""
    made = []
    for question in QUESTIONS:
        ours, best = http[question.name], hand[question.name]
        bars = ["<= 1.3 x"] if question.bar is None else [f"< {question.bar} ms", "<= 1.3 x"]
        met = ours <= SQL_BAR * best and (question.bar is None or ours < question.bar)
        name = f"{question.name}, {question.days} days, {size}"
        made.append(Line(name, f"{ours:.1f} ms", f"{best:.1f} ms by hand", times(ours, best), ", ".join(bars), met))
    return made


def growth_lines(before: Times, after: Times, size: str, bar: float) -> list[Line]:
    """The same questions after the store, or the project, grew."""
    return [
        Line(
            f"{question.name}, {question.days} days, {size}",
            f"{after[question.name]:.1f} ms",
            f"{before[question.name]:.1f} ms before",
            times(after[question.name], before[question.name]),
            f"<= {bar:g} x",
            after[question.name] <= bar * before[question.name],
        )
        for question in QUESTIONS
    ]
