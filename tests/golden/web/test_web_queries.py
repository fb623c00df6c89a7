"""What the reads of a site that are not plain counts look like as SQL.

``python -m tests.golden.web.test_web_queries`` writes the files again; read the diff.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulseboard.insights.catalog import BOT, Dimension
from pulseboard.insights.parse import Frame
from pulseboard.insights.query import Filter, Period
from pulseboard.insights.statement import Statement
from pulseboard.insights.web.goals import Wanted, render_goals
from pulseboard.insights.web.sessions import render_breakdown, render_sessions
from pulseboard.kit.clock import rfc3339
from pulseboard.store import ProjectScope

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 10, 14, 37, 12, 345000, tzinfo=UTC)
SHOP = ProjectScope("01970000-0000-7000-8000-00000000000a")
MONTH = Period(NOW - timedelta(days=30), NOW)
PEOPLE = Filter(BOT, "is", ("false",))
FRAME = Frame(SHOP, MONTH, "UTC", (PEOPLE,))
GERMAN = Frame(SHOP, MONTH, "UTC", (PEOPLE, Filter(Dimension("country"), "is", ("DE",))))
GOALS = (Wanted("page", "/thanks"), Wanted("page", "/blog/*_1"), Wanted("event", "it's; DROP TABLE events"))
STATEMENTS: dict[str, Statement] = {
    "sessions": render_sessions(FRAME),
    "sessions_filtered": render_sessions(GERMAN),
    "by_channel": render_breakdown(FRAME, "channel", 50),
    "by_exit_page": render_breakdown(FRAME, "exitPage", 10),
    "goals": render_goals(FRAME, GOALS),
    "goals_of_which_there_are_none": render_goals(FRAME, ()),
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
    reads = STATEMENTS[name].sql.split("FROM events\n")[1:]
    assert reads
    for read in reads:
        project, since, until = (line.strip().removeprefix("AND ") for line in read.splitlines()[:3])
        assert project == "WHERE project_id = {project:UUID}"
        assert " >= {since_" in since
        assert " < {until_" in until


if __name__ == "__main__":
    for name, made in STATEMENTS.items():
        (HERE / f"{name}.sql").write_text(_text(made))
