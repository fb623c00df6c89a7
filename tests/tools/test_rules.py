"""The rules find what they name, leave alone what is allowed, and are themselves checked by them."""

from pathlib import Path

import pytest

from tools import rules


def names(path: str, text: str) -> list[str]:
    return [finding.rule for finding in rules.check(path, text)]


@pytest.mark.parametrize(
    "text",
    [
        'q = "SELECT name FROM events"\n',
        'q = "SELECT 1"\n',
        'q = """\n    SELECT count()\n    FROM events\n"""\n',
        'q = f"SELECT {column} FROM events"\n',
        'q = "SELECT " + column\n',
        'q = "INSERT INTO events VALUES (1)"\n',
        'q = "ALTER TABLE events DROP COLUMN a"\n',
        'q = "DELETE FROM events"\n',
        'q = "UPDATE users SET name = 1"\n',
    ],
)
def test_sql_in_an_ordinary_room_is_found(text: str) -> None:
    assert names("src/pulseboard/writer/loop.py", text) == ["sql"]


@pytest.mark.parametrize(
    "path",
    [
        "src/pulseboard/store/chdb.py",
        "src/pulseboard/insights/catalog.py",
        "src/pulseboard/insights/render.py",
        "src/pulseboard/spool/sqlite.py",
        "tests/store/test_chdb.py",
        "bench/reads.py",
    ],
)
def test_sql_in_its_drawers_and_outside_the_package_is_left_alone(path: str) -> None:
    assert names(path, 'q = "SELECT name FROM events"\n') == []


def test_words_that_only_sound_like_sql_are_left_alone() -> None:
    text = '"""SELECT a FROM b is what this renders."""\nx = "select a plan from the list"\ny = "UPDATE AVAILABLE"\n'
    assert names("src/pulseboard/web/routes.py", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import select\n",
        "from sqlalchemy.dialects.sqlite import insert\n",
        "import sqlalchemy as sa\nx = sa.text('1')\n",
    ],
)
def test_sqlalchemy_statements_are_found_outside_queries(text: str) -> None:
    assert names("src/pulseboard/orgs/service.py", text) == ["statements"]
    assert names("src/pulseboard/orgs/queries.py", text) == []
    assert names("src/pulseboard/db/session.py", text) == []


def test_sqlalchemy_types_are_welcome_anywhere() -> None:
    assert names("src/pulseboard/orgs/models.py", "from sqlalchemy import ForeignKey, String\n") == []


def test_engine_drivers_are_found_outside_the_store() -> None:
    for text in ("import chdb\n", "from chdb.session import Session\n", "import clickhouse_connect\n"):
        assert names("src/pulseboard/insights/run.py", text) == ["driver"]
        assert names("src/pulseboard/store/chdb.py", text) == []


def test_a_function_of_61_lines_is_too_long_and_one_of_60_is_not() -> None:
    def function(lines: int) -> str:
        return "def f() -> None:\n" + "    pass\n" * (lines - 1)

    assert names("bench/a.py", function(60)) == []
    assert names("bench/a.py", function(61)) == ["long-function"]


def test_a_file_of_501_lines_is_too_long_in_any_language() -> None:
    assert names("tests/a.py", "x = 1\n" * 500) == []
    assert names("tests/a.py", "x = 1\n" * 501) == ["long-file"]
    assert [finding.rule for finding in rules.check_plain("dashboard/src/a.tsx", "x\n" * 501)] == ["long-file"]


@pytest.mark.parametrize("text", ["def f(a) -> None: ...\n", "def f(): ...\n", "def f(*a, b: int) -> None: ...\n"])
def test_an_untyped_function_is_found(text: str) -> None:
    assert names("tools/a.py", text) == ["untyped"]


def test_self_and_cls_need_no_type() -> None:
    assert names("tools/a.py", "class A:\n    def f(self) -> None: ...\n") == []


@pytest.mark.parametrize(
    "text",
    [
        'q = "SELECT a FROM b"  # rule: allow sql — the engine has no other way to say it\n',
        '# rule: allow sql -- the engine has no other way to say it\nq = "SELECT a FROM b"\n',
    ],
)
def test_an_escape_with_a_reason_allows_its_line_and_the_next(text: str) -> None:
    assert names("src/pulseboard/writer/loop.py", text) == []


def test_an_escape_for_another_rule_allows_nothing_and_is_called_useless() -> None:
    text = 'q = "SELECT a FROM b"  # rule: allow driver — wrong name\n'
    assert names("src/pulseboard/writer/loop.py", text) == ["escape", "sql"]


def test_an_escape_without_a_reason_is_a_finding() -> None:
    assert names("src/pulseboard/writer/loop.py", 'q = "SELECT a FROM b"  # rule: allow sql\n') == ["escape"]


def test_an_escape_in_a_string_is_no_escape() -> None:
    text = 'q = "SELECT a FROM b # rule: allow sql — not a comment"\n'
    assert names("src/pulseboard/writer/loop.py", text) == ["sql"]


def test_a_tree_with_a_fault_is_counted_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "src" / "pulseboard" / "web" / "routes.py"
    file.parent.mkdir(parents=True)
    file.write_text("import chdb\n", encoding="utf-8")
    assert rules.main(tmp_path) == 1
    assert "src/pulseboard/web/routes.py:1: driver" in capsys.readouterr().out
