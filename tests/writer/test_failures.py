"""What the writer does when something refuses in the middle: nothing is lost, nothing counts twice, sessions hold."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from tests.writer.pipeline import Pipeline, event
from tests.writer.test_persons_and_sessions import sessions

from pulseboard.errors import Unavailable
from pulseboard.store import RowsRefused


def buried(pipeline: Pipeline) -> int:
    return pipeline.spool.dead.count()


@pytest.fixture
def insert_events(monkeypatch: pytest.MonkeyPatch, pipeline: Pipeline) -> Callable[[Callable[[bytes], None]], None]:
    """Makes a look at the rows of every insert into ``events``, which may raise."""
    real = pipeline.store.insert

    def use(look: Callable[[bytes], None]) -> None:
        def insert(table: str, rows: bytes) -> int:
            if table == "events":
                look(rows)
            return real(table, rows)

        monkeypatch.setattr(pipeline.store, "insert", insert)

    return use


def test_a_full_disk_under_the_claims_buries_nothing(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> set[bytes]:
        raise sqlite3.OperationalError("database or disk is full")

    pipeline.send(event("order-1"))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline.counted, "claim", full)
        with pytest.raises(sqlite3.OperationalError):
            pipeline.writer.drain()
    assert buried(pipeline) == 0
    assert pipeline.writer.drain() == 1


def test_a_store_that_fails_while_records_are_tried_one_by_one_loses_and_doubles_nothing(
    pipeline: Pipeline, insert_events: Callable[[Callable[[bytes], None]], None]
) -> None:
    failures = iter([True, False])

    def look(rows: bytes) -> None:
        if b"poison" not in rows:
            return
        if rows.count(b"\n") < 2 and next(failures, False):
            raise Unavailable("The event store does not take rows")
        raise RowsRefused("events does not take these rows")

    insert_events(look)
    pipeline.send(event())
    pipeline.send(event("order-1"))
    pipeline.send(event("poison"))
    pipeline.send(event("order-2"))
    with pytest.raises(Unavailable):
        pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.writer.drain()
    assert len(pipeline.rows()) == 3
    assert buried(pipeline) == 1


def test_a_session_goes_on_although_the_look_up_failed_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.send(event(user_id="alice"))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(event(user_id="alice", minutes=20))
    real = pipeline.store.read

    def read(sql: str, *rest: Any) -> Any:  # noqa: ANN401 -- as the store's
        if "last_ms" in sql:
            raise Unavailable("The event store does not answer")
        return real(sql, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(pipeline.store, "read", read)
        with pytest.raises(Unavailable):
            pipeline.writer.drain()
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0]


def test_late_events_of_one_batch_share_a_session_whatever_is_remembered_of_later_ones(pipeline: Pipeline) -> None:
    pipeline.send(*(event(user_id="alice", minutes=100 * n) for n in range(8)))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=-500), event(user_id="alice", minutes=-499))
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, *range(1, 9)]


def test_a_late_event_joins_the_far_end_of_a_session_of_which_only_the_beginning_was_read(pipeline: Pipeline) -> None:
    long = [event(user_id="alice", minutes=-3000 + 25 * n) for n in range(10)]
    pipeline.send(*long, *(event(user_id="alice", minutes=100 * n) for n in range(10)))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=-3001))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=-2760))
    pipeline.writer.drain()
    assert sessions(pipeline)[:12] == [0] * 12


def test_names_of_every_kind_of_character_are_looked_up(pipeline: Pipeline) -> None:
    odd = "".join(map(chr, [*range(1, 0x180), 0x2028, 0xFEFF, 0xFFFF, 0x1F600, 0x10FFFF]))
    names = [odd[n : n + 7] for n in range(len(odd))] + ["\\N", "'", "\\", "']", "{x:String}"]
    for _ in range(2):
        pipeline.send(*(event(user_id=name, session_id=name) for name in names))
        pipeline.writer.drain()
    assert len({(row["person"], row["session"]) for row in pipeline.rows("person, session")}) == len(names)


def test_a_person_of_long_ago_is_not_forgotten_in_the_batch_that_brings_them_back(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulseboard.writer.sessions.MAX_PERSONS", 2)
    pipeline.send(event(user_id="alice"), event(user_id="bob", minutes=1))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=2), event(user_id="carol", minutes=3))
    lease = pipeline.spool.lease(100, 0)
    assert lease is not None
    assert len(pipeline.steps.rows(lease.records, lease.token)[0]) == 2
