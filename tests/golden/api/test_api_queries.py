"""What reads of API calls look like as SQL.

``python -m tests.golden.api.test_api_queries`` writes the files again; read the diff.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulseboard.insights.api.sql import render_calls, render_heatmap, render_largest, render_statuses
from pulseboard.insights.catalog import Dimension
from pulseboard.insights.parse import Frame
from pulseboard.insights.query import Filter, Period
from pulseboard.insights.statement import Statement
from pulseboard.kit.clock import rfc3339
from pulseboard.store import ProjectScope

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 10, 14, 37, 12, 345000, tzinfo=UTC)
SHOP = ProjectScope("01970000-0000-7000-8000-00000000000a")
MONTH = Period(NOW - timedelta(days=30), NOW)
FRAME = Frame(SHOP, MONTH, "UTC", (Filter(Dimension("endpoint"), "is", ("/users/:id",)),))
ENDPOINTS, HOURS = ("method", "endpoint"), (0, 3_600_000, 7_200_000)


def _calls(
    keys: tuple[str, ...] = (),
    starts: tuple[int, ...] = (),
    sort: str = "calls",
    *,
    exact: bool = True,
    part: tuple[int, int] = (0, 1),
) -> Statement:
    return render_calls(FRAME, keys, starts, threshold=500, sort=sort, limit=50, exact=exact, part=part)


STATEMENTS: dict[str, Statement] = {
    "overview": _calls(),
    "overview_of_very_many": _calls(exact=False),
    "endpoints": _calls(ENDPOINTS),
    "endpoints_by_apdex": _calls(ENDPOINTS, sort="apdex"),
    "endpoints_in_parts": _calls(ENDPOINTS, sort="slowest", part=(2, 7)),
    "largest_endpoint": render_largest(FRAME, ENDPOINTS, ()),
    "consumers": _calls(("consumer",), sort="failing"),
    "timeseries": _calls(("start",), HOURS),
    "statuses": render_statuses(FRAME, HOURS),
    "heatmap": render_heatmap(FRAME, HOURS, (0.0, 10.0, 100.0)),
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
