"""What funnels, retention, sessions and paths look like as SQL.

``python -m tests.golden.product.test_product_queries`` writes the files again; read the diff.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pulseboard.insights.frames import Context
from pulseboard.insights.product.funnel import FunnelIn, FunnelUsersIn, StepIn, parse_funnel, parse_funnel_users
from pulseboard.insights.product.paths import PathsIn, parse_paths
from pulseboard.insights.product.retention import RetentionIn, RetentionUsersIn, parse_retention, parse_retention_users
from pulseboard.insights.product.sessions import SessionsIn, parse_sessions
from pulseboard.insights.product.sql.funnel import render_funnel, render_funnel_users
from pulseboard.insights.product.sql.paths import render_paths
from pulseboard.insights.product.sql.people import render_people
from pulseboard.insights.product.sql.retention import render_retention, render_retention_users
from pulseboard.insights.product.sql.sessions import render_sessions
from pulseboard.insights.statement import Statement
from pulseboard.kit.clock import rfc3339
from pulseboard.store import ProjectScope

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 10, 14, 37, 12, 345000, tzinfo=UTC)
SHOP = Context(ProjectScope("01970000-0000-7000-8000-00000000000a"), "Europe/Berlin", NOW, lambda _: None)
PRO: list[Any] = [{"property": "plan", "operator": "is", "value": "pro"}]
CART = [StepIn("visit"), StepIn("signup", PRO), StepIn("purchase")]
PAGES = [StepIn("PAGE_VIEW", [{"property": "path", "operator": "is", "value": page}]) for page in ("/", "/pricing")]


def _funnel(**body: Any) -> Statement:  # noqa: ANN401 -- members of a body
    return render_funnel(parse_funnel(FunnelIn(**{"steps": CART, **body}), SHOP))


def _retention(**body: Any) -> Statement:  # noqa: ANN401
    return render_retention(parse_retention(RetentionIn(**body), SHOP))


def _left() -> Statement:
    return render_funnel_users(parse_funnel_users(FunnelUsersIn(steps=CART, step=2, cursor="41"), SHOP))


def _stayed() -> Statement:
    body = RetentionUsersIn(start_event="open", return_event="buy", cohort="2026-02-16", k=2, cursor="41")
    return render_retention_users(parse_retention_users(body, SHOP))


STATEMENTS: dict[str, Statement] = {
    "funnel": _funnel(),
    "funnel_by_property": _funnel(breakdown="country"),
    "funnel_in_any_order": _funnel(order="any"),
    "funnel_in_strict_order": _funnel(order="strict", steps=CART[:2]),
    "funnel_of_one_event": _funnel(steps=PAGES, filters=PRO),
    "funnel_users": _left(),
    "retention": _retention(start_event="open", return_event="buy"),
    "retention_first_ever": _retention(start_event="open", cohorts="first_ever", period="month", filters=PRO),
    "retention_recurring": _retention(start_event="open", cohorts="recurring", unbounded=True, period="day"),
    "retention_users": _stayed(),
    "sessions": render_sessions(parse_sessions(SessionsIn(interval="day", filters=PRO), SHOP)),
    "sessions_without_edges": render_sessions(parse_sessions(SessionsIn(limit=0, bots="with"), SHOP)),
    "paths": render_paths(parse_paths(PathsIn(), SHOP)),
    "paths_to_an_event": render_paths(parse_paths(PathsIn(steps="events", within="user", end="buy"), SHOP)),
    "people": render_people(parse_sessions(SessionsIn(filters=PRO), SHOP).frame, [7, 41]),
}


def _text(made: Statement) -> str:
    shown = {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in made.params.items()}
    values = "".join(f"-- {name} = {value}\n" for name, value in sorted(shown.items()))
    return f"{made.sql}\n\n{values}"


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_renders_as_it_stands_in_its_file(name: str) -> None:
    assert _text(STATEMENTS[name]) == (HERE / f"{name}.sql").read_text()


def test_every_file_belongs_to_a_statement() -> None:
    assert {path.stem for path in HERE.glob("*.sql")} == set(STATEMENTS)


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_scope_and_range_come_first_wherever_events_are_read(name: str) -> None:
    sql = STATEMENTS[name].sql
    reads = sql.split("FROM events\n")[1:]
    assert reads
    for read in reads:
        project, since, until = (line.strip().removeprefix("AND ") for line in read.splitlines()[:3])
        assert project == "WHERE project_id = {project:UUID}"
        assert " >= {since_" in since
        assert " < {until_" in until


if __name__ == "__main__":
    for name, made in STATEMENTS.items():
        (HERE / f"{name}.sql").write_text(_text(made))
