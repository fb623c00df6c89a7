"""What cannot be stored is put aside, counted as refused once, and can be tried again; everything else goes on."""

import sqlite3

import pytest
from tests.writer.pipeline import NOON, Pipeline, event

from pulseboard.errors import AppError
from pulseboard.ingest.event import encode
from pulseboard.spool.base import Parcel
from pulseboard.writer.loop import _Stored

AT = int(NOON.timestamp() * 1000)
BAD = b"\xc1 no event"


def put_bad(pipeline: Pipeline, events: int = 3) -> None:
    pipeline.spool.put_now(Parcel(pipeline.project, AT, events, BAD, "key", len(BAD)))


def refused(pipeline: Pipeline) -> list[tuple[str, str, int]]:
    return [(line.source, line.reason, line.events) for line in pipeline.ledger.refused(pipeline.project, 0, 10**6)]


def reasons(pipeline: Pipeline) -> list[str]:
    return [letter.reason for letter in pipeline.spool.dead.page(100)]


def test_one_bad_record_among_many_costs_a_few_inserts_and_not_one_for_each(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserts = []
    real = pipeline.store.insert
    monkeypatch.setattr(pipeline.store, "insert", lambda *a, **k: (inserts.append(a[0]), real(*a, **k))[1])
    for number in range(500):
        pipeline.send(event(f"order-{number}"))
        if number == 321:
            put_bad(pipeline)
    assert pipeline.writer.drain() == 500
    assert len(pipeline.rows()) == 500
    assert inserts.count("events") <= 9
    assert [reason.partition(":")[0] for reason in reasons(pipeline)] == ["Its bytes are no events"]


def test_what_was_put_aside_is_refused_for_its_owner(pipeline: Pipeline) -> None:
    put_bad(pipeline)
    pipeline.send(event("order-1"))
    pipeline.writer.drain()
    assert refused(pipeline) == [("key", "unstorable", 3)]
    assert pipeline.ledger.total(pipeline.project, 0, 10**6)[:2] == (1, 1)


def test_text_that_is_no_unicode_is_put_aside_too(pipeline: Pipeline) -> None:
    body = encode([event("order-1", user_id="alice")]).replace(b"alice", b"ali\xffe")
    pipeline.spool.put_now(Parcel(pipeline.project, AT, 1, body, "key", len(body)))
    pipeline.send(event("order-2"))
    assert pipeline.writer.drain() == 1
    assert [reason.partition(":")[0] for reason in reasons(pipeline)] == ["Its bytes are no events"]


def test_a_record_of_a_project_that_cannot_be_stops_nobody(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1", user_id="alice"))
    pipeline.send(event("order-1", user_id="alice"), project="no project's id")
    pipeline.send(event("order-2", user_id="alice"))
    assert pipeline.writer.drain() == 2
    assert reasons(pipeline) == ["NotFound: Not found"]


def test_a_replayed_letter_that_can_be_stored_is_no_longer_refused(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.send(event("order-1"), event())
    with monkeypatch.context() as broken:
        broken.setattr(pipeline.steps, "_make_rows", lambda *_: 1 / 0)
        pipeline.writer.drain()
    assert refused(pipeline) == [("key", "unstorable", 2)]
    assert reasons(pipeline) == ["ZeroDivisionError: division by zero"]
    (letter,) = pipeline.spool.dead.page(10)
    assert pipeline.spool.replay(letter.id)
    assert not pipeline.spool.replay(letter.id)
    pipeline.send(event("order-1"))
    assert pipeline.writer.drain() == 2
    assert (refused(pipeline), pipeline.spool.dead.count()) == ([], 0)
    assert pipeline.ledger.total(pipeline.project, 0, 10**6)[:2] == (3, 2)
    assert [str(row["received_at"])[:10] for row in pipeline.rows("received_at")] == ["2026-03-10"] * 2


def test_a_replayed_letter_that_fails_again_stays_counted_once(pipeline: Pipeline) -> None:
    put_bad(pipeline)
    pipeline.writer.drain()
    for _ in range(3):
        (letter,) = pipeline.spool.dead.page(10)
        pipeline.spool.replay(letter.id)
        pipeline.send(event())
        pipeline.writer.drain()
        assert refused(pipeline) == [("key", "unstorable", 3)]


def test_a_group_that_turned_on_disk_is_put_aside_and_its_neighbours_go_in(pipeline: Pipeline) -> None:
    for number in (1, 2, 3):
        pipeline.send(event(f"order-{number}"))
    with sqlite3.connect(pipeline.folder / "spool.db") as other:
        (body,) = other.execute("SELECT body FROM groups WHERE seq = 2").fetchone()
        other.execute("UPDATE groups SET body = ? WHERE seq = 2", (body.replace(b"order-2", b"order-1"),))
    assert pipeline.writer.drain() == 2
    assert reasons(pipeline) == ["Its bytes changed on disk"]
    assert sorted(row["id"] for row in pipeline.rows()) == ["order-1", "order-3"]


def test_nothing_is_put_aside_for_a_store_that_is_wrong_itself(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.send(event("order-1"))

    def gone(*_: object) -> None:
        raise AppError

    with monkeypatch.context() as broken:
        broken.setattr(pipeline.store, "read", gone)
        broken.setattr(pipeline.steps, "_make_rows", gone)
        with pytest.raises(AppError):
            pipeline.writer.drain()
    assert pipeline.spool.dead.count() == 0
    assert pipeline.writer.drain() == 1


def test_what_was_put_aside_before_a_crash_is_not_stored_after_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.send(event())
    with monkeypatch.context() as broken:
        broken.setattr(pipeline.steps, "_make_rows", lambda *_: 1 / 0)
        broken.setattr(pipeline.spool, "ack", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    assert pipeline.spool.dead.page(10) == []  # not before its batch is done
    assert pipeline.writer.drain() == 0
    assert refused(pipeline) == [("key", "unstorable", 1)]
    assert pipeline.spool.dead.count() == 1


def test_old_events_that_went_in_before_a_crash_are_charged_after_it(pipeline: Pipeline) -> None:
    pipeline.close()
    (pipeline.folder / "counted.db").unlink()
    pipeline.store.insert("events", b'{"project_id":"00000000-0000-0000-0000-000000000000"}')
    pipeline.restart()  # so that the store is asked for every id
    pipeline.send(event("order-1"), event("order-2"))
    lease = pipeline.spool.lease(100, 0)
    assert lease is not None
    pipeline.writer._store_rows(lease.records, lease.token, _Stored(lease, set()))  # and then it is killed
    pipeline.close()
    pipeline.restart()
    pipeline.writer.drain()
    ((_, sums),) = pipeline.settled
    assert [tally.stored for tally in sums.values()] == [2]
    assert len(pipeline.rows()) == 2


def test_the_disk_that_refuses_the_dead_letters_is_asked_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_bad(pipeline)
    with monkeypatch.context() as broken:

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        broken.setattr(pipeline.spool, "bury", full)
        with pytest.raises(sqlite3.OperationalError):
            pipeline.writer.drain()
    pipeline.writer.drain()
    assert refused(pipeline) == [("key", "unstorable", 3)]
