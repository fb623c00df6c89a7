"""What is remembered for a second, and forgotten at the first change."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pulseboard.db import Database, migrate
from pulseboard.db.memory import LIFE, Memory


class Seconds:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(made)
    return made


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def db(url: str, seconds: Seconds) -> Iterator[Database]:
    made = Database(url)
    made._memory = Memory(made.engine, seconds)
    yield made
    made.close()


def write(db: Database, statement: str) -> None:
    with db.write() as session:
        session.execute(text(statement))


ORG = "INSERT INTO orgs (id, name, system, created_at) VALUES ('{}', 'x', 0, '2026-01-01')"


def count(db: Database, *tables: str) -> int:
    def ask(session: Session) -> int:
        return int(session.execute(text("SELECT count(*) FROM orgs")).scalar_one())

    return db.recall("orgs", tables or ("orgs",), ask)


def test_a_change_of_this_process_is_seen_at_once(db: Database) -> None:
    assert count(db) == 0
    for number in range(3):
        write(db, ORG.format(number))
        assert count(db) == number + 1
    write(db, "DELETE FROM orgs")
    assert count(db) == 0


def test_a_change_of_another_process_is_seen_after_a_second(db: Database, url: str, seconds: Seconds) -> None:
    assert count(db) == 0
    other = Database(url)
    write(other, ORG.format(1))
    other.close()
    assert count(db) == 0, "so long it may stay unseen"
    seconds.now = LIFE
    assert count(db) == 1


def test_a_change_elsewhere_forgets_nothing(db: Database) -> None:
    assert count(db, "users") == 0
    write(db, ORG.format(1))
    assert count(db, "users") == 0
    assert count(db, "orgs") == 1


def test_what_was_rolled_back_forgets_nothing_and_what_failed_remembers_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        session.execute(text(ORG.format(1)))
        raise ZeroDivisionError
    assert count(db) == 0
    with pytest.raises(ZeroDivisionError):
        db.recall("x", ("orgs",), lambda _session: 1 // 0)
    assert db.recall("x", ("orgs",), lambda _session: 2) == 2


def test_what_changes_while_it_is_read_is_read_again(db: Database) -> None:
    def slow(session: Session) -> int:
        found = int(session.execute(text("SELECT count(*) FROM orgs")).scalar_one())
        session.rollback()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, db, ORG.format(1)).result()
        return found

    assert db.recall("orgs", ("orgs",), slow) == 0
    assert count(db) == 1
