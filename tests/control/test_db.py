"""Sessions, effects, migrations, and how many statements a call costs."""

from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import pulseboard.serve  # noqa: F401 - every room's tables
from pulseboard.accounts import User
from pulseboard.db import Base, Database, after_commit, migrate
from pulseboard.errors import Unavailable


@pytest.fixture
def db(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    return Database(url)


def test_the_migrations_make_what_the_models_say(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    before = inspect(Database(url).engine).get_table_names()
    migrate(url)
    assert inspect(Database(url).engine).get_table_names() == before


def test_sqlite_is_durable_keeps_foreign_keys_and_lets_readers_read_while_one_writes(db: Database) -> None:
    with db.read() as session:
        ask = session.connection().exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA foreign_keys").scalar() == 1
        assert ask("PRAGMA synchronous").scalar() == 2
    with db.write(), db.read() as reader:
        assert reader.connection().exec_driver_sql("SELECT 1").scalar() == 1


def test_effects_run_after_the_commit_and_never_after_a_rollback(db: Database) -> None:
    happened: list[str] = []
    with db.write() as session:
        after_commit(session, lambda: happened.append("told"))
        assert happened == []
    assert happened == ["told"]
    with pytest.raises(ValueError, match="no"), db.write() as session:
        after_commit(session, lambda: happened.append("told twice"))
        raise ValueError("no")
    assert happened == ["told"]


def test_a_failing_effect_neither_stops_the_others_nor_undoes_the_commit(db: Database) -> None:
    happened: list[str] = []

    def fail() -> None:
        raise RuntimeError("a neighbour is away")

    with db.write() as session:
        after_commit(session, fail)
        after_commit(session, lambda: happened.append("told"))
    assert happened == ["told"]


def test_writers_wait_in_line_instead_of_failing(db: Database) -> None:
    barrier = Barrier(8)
    with db.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE counter (n INTEGER)")
        session.connection().exec_driver_sql("INSERT INTO counter VALUES (0)")

    def count() -> None:
        barrier.wait()
        for _ in range(20):
            with db.write() as session:
                ask = session.connection().exec_driver_sql
                ask("UPDATE counter SET n = ?", ((ask("SELECT n FROM counter").scalar() or 0) + 1,))

    threads = [Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.connection().exec_driver_sql("SELECT n FROM counter").scalar() == 160


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(Unavailable), away.read() as session:
        session.get(User, "x")
