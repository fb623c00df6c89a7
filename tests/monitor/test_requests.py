"""Own requests: all of a quiet server's, a sample and a sum of a busy one's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pulseboard.ingest.event import Event, decode
from pulseboard.monitor import Monitor, Note
from pulseboard.monitor.requests import LISTED
from pulseboard.spool.sqlite import SqliteSpool

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[SqliteSpool]:
    spool = SqliteSpool(tmp_path / "spool.db", max_bytes=1 << 20)
    yield spool
    spool.close()


def recorded(spool: SqliteSpool) -> list[Event]:
    return [event for parcel in spool.waiting() for event in decode(parcel.body)]


def test_each_request_of_a_quiet_server_is_an_event(spool: SqliteSpool) -> None:
    monitor = Monitor(spool, "system", lambda: NOW)
    monitor.note(Note(AT, "GET", "/health/ready", 200, 1.5))
    monitor.note(Note(AT, "POST", "/ingest/event", 202, 0.5))
    monitor.flush()
    monitor.flush()
    events = recorded(spool)
    assert [(event.type, event.name) for event in events] == [
        ("REQUEST", "/health/ready"),
        ("REQUEST", "/ingest/event"),
    ]
    assert events[0].properties == {
        "method": "GET", "endpoint": "/health/ready", "status_code": 200, "duration_ms": 1.5,
    }  # fmt: skip


def test_of_a_busy_one_every_kind_is_sampled_and_the_rest_is_summed_up(spool: SqliteSpool) -> None:
    monitor = Monitor(spool, "system", lambda: NOW)
    for _ in range(LISTED + 900):
        monitor.note(Note(AT, "POST", "/ingest/event", 202, 0.5))
    monitor.note(Note(AT, "POST", "/ingest/event", 422, 0.5))
    monitor.flush()
    *requests, rest = recorded(spool)
    assert [event.properties["status_code"] for event in requests].count(202) == LISTED
    assert [event.properties["status_code"] for event in requests].count(422) == 1
    assert (rest.type, rest.name, rest.properties["value"]) == ("LOG", "requests not listed", 900)
    assert rest.properties["endpoint"] == "/ingest/event"


def test_a_new_second_begins_a_new_sample(spool: SqliteSpool) -> None:
    monitor = Monitor(spool, "system", lambda: NOW)
    for _ in range(3):
        for _ in range(LISTED):
            monitor.note(Note(AT, "POST", "/ingest/event", 202, 0.5))
        monitor.flush()
    assert len(recorded(spool)) == 3 * LISTED


def test_a_full_spool_has_no_room_for_them_and_says_nothing_to_the_client(tmp_path: Path) -> None:
    spool = SqliteSpool(tmp_path / "small.db", max_bytes=100)
    try:
        monitor = Monitor(spool, "system", lambda: NOW)
        for _ in range(10):
            monitor.note(Note(AT, "POST", "/ingest/event", 202, 0.5))
        monitor.flush()
        assert recorded(spool) == []
    finally:
        spool.close()
