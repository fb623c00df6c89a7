"""The same ``(project, id)`` counts once, whatever happens between."""

from datetime import timedelta

import pytest
from tests.writer.pipeline import NOON, Pipeline, event

from pulseboard.errors import Unavailable
from pulseboard.kit.ids import new_id
from pulseboard.spool.base import Parcel
from pulseboard.writer.loop import _Stored


def ids(pipeline: Pipeline, project: str = "") -> list[str]:
    return [row["id"] for row in pipeline.rows(project=project)]


def test_a_repeated_id_counts_once_in_one_request_in_one_batch_and_days_later(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1"), event("order-1", minutes=1))
    pipeline.send(event("order-1"), event("order-2"))
    assert pipeline.writer.drain() == 2
    pipeline.now = NOON + timedelta(days=6)
    pipeline.send(event("order-1"))
    assert pipeline.writer.drain() == 0
    assert ids(pipeline) == ["order-1", "order-2"]


def test_two_projects_may_use_the_same_id(pipeline: Pipeline) -> None:
    other = new_id()
    pipeline.send(event("order-1"))
    pipeline.send(event("order-1"), project=other)
    pipeline.writer.drain()
    assert ids(pipeline) == ids(pipeline, other) == ["order-1"]


def test_events_without_an_own_id_all_count(pipeline: Pipeline) -> None:
    pipeline.send(event(), event(), event())
    assert pipeline.writer.drain() == 3


def test_a_batch_that_was_stored_but_not_acknowledged_is_not_stored_again(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1"), event(), event("order-1"))
    lease = pipeline.spool.lease(100, 0)
    assert lease is not None
    pipeline.writer._store_rows(lease.records, lease.token, _Stored(lease, set()))  # and then it is killed
    pipeline.close()
    pipeline.restart()
    pipeline.send(event("order-1"), event("order-2"))  # arrives before the old batch is tried again
    pipeline.writer.drain()
    assert len(ids(pipeline)) == 3
    assert ids(pipeline).count("order-1") == 1


def test_a_batch_that_was_counted_but_not_stored_is_stored_after_the_restart(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1"), event("order-2"))
    lease = pipeline.spool.lease(100, 0)
    assert lease is not None
    pipeline.steps.rows(lease.records, lease.token)  # ids claimed, persons numbered, and then killed
    pipeline.close()
    pipeline.restart()
    assert pipeline.writer.drain() == 2
    assert ids(pipeline) == ["order-1", "order-2"]


def test_a_retried_batch_stays_the_same_although_more_has_arrived(pipeline: Pipeline) -> None:
    pipeline.send(event())
    first = pipeline.spool.lease(100, 0)
    pipeline.close()
    pipeline.restart()
    pipeline.send(event())
    assert first is not None
    assert pipeline.spool.lease(100, 0) == first


def test_a_record_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1"))
    pipeline.spool.put_now(Parcel(pipeline.project, 0, 1, b"\xc1 no event"))
    pipeline.send(event("order-2"))
    assert pipeline.writer.drain() == 2
    assert ids(pipeline) == ["order-1", "order-2"]
    (letter,) = pipeline.spool.dead.page(10)
    assert (letter.events, letter.project_id) == (1, pipeline.project)
    assert pipeline.spool.backlog().events == 0


def test_a_batch_that_got_into_the_store_by_half_is_completed(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = [-60 * 24 * 31 * month for month in range(4)]
    pipeline.send(*(event(f"order-{minutes}", minutes=minutes) for minutes in months))
    pipeline.send(*(event(minutes=minutes) for minutes in months))
    real = pipeline.store.insert

    def half(table: str, rows: bytes) -> int:
        if table == "events":
            real(table, b"\n".join(rows.split(b"\n")[:3]))
            raise Unavailable("The event store does not take rows")
        return real(table, rows)

    with monkeypatch.context() as broken:
        broken.setattr(pipeline.store, "insert", half)
        for _ in range(2):
            with pytest.raises(Unavailable):
                pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.writer.drain()
    assert len(pipeline.rows()) == 8
    assert len({row["id"] for row in pipeline.rows()}) == 8
    assert pipeline.ledger.total(pipeline.project, 0, 10**6)[:2] == (8, 8)
