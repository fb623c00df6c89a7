"""What a read says of its own completeness, with a real server whose writer is held up."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bench.served import Served, serving, set_up
from tests.story.conftest import Person, eventually, with_project


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # Without its own requests, which would wait in the same queue.
    with serving(tmp_path_factory.mktemp("completeness") / "data", {"PULSEBOARD_SELF_MONITOR": "off"}) as served:
        yield served


@pytest.fixture(scope="module")
def alice(served: Served) -> Iterator[Person]:
    token = set_up(served).token
    with httpx.Client(base_url=served.url, timeout=30) as http:
        yield with_project(http, token)


def overview(alice: Person) -> dict[str, Any]:
    answer = alice.get("/metrics/overview", projectId=alice.project_id, range="24h")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def total(alice: Person) -> int:
    return int(overview(alice)["totalEvents"])


def through(alice: Person) -> datetime:
    return datetime.fromisoformat(overview(alice)["meta"]["completeThrough"])


def test_while_the_writer_is_held_up_reads_say_up_to_when_they_are_complete(served: Served, alice: Person) -> None:
    alice.send(name="before")
    eventually(lambda: total(alice), 1)
    eventually(lambda: overview(alice)["meta"]["lagSeconds"], 0.0)
    with closing(sqlite3.connect(served.folder / "ledger.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")  # whoever writes into the ledger has to wait now
        sent = datetime.now(UTC)
        assert alice.send(name="waiting").status_code == 202
        answered = datetime.now(UTC)
        time.sleep(1.5)
        first = overview(alice)
        assert first["totalEvents"] == 1
        assert sent - timedelta(milliseconds=2) <= through(alice) <= answered
        assert first["meta"]["lagSeconds"] >= 1.4
        assert alice.send(name="waiting too").status_code == 202
        later = overview(alice)
        assert later["meta"]["completeThrough"] == first["meta"]["completeThrough"]
        assert later["meta"]["lagSeconds"] > first["meta"]["lagSeconds"]
        ingestion = alice.get(f"/projects/{alice.project_id}/ingestion").json()
        assert ingestion["meta"]["completeThrough"] == first["meta"]["completeThrough"]
        holder.execute("ROLLBACK")
    eventually(lambda: total(alice), 3)
    eventually(lambda: overview(alice)["meta"]["lagSeconds"], 0.0)
    assert through(alice) > answered


def test_reads_say_how_many_doubles_were_left_out_and_how_many_events_came_late(alice: Person) -> None:
    before = overview(alice)
    old = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    events = [{"name": "order", "id": f"order-{n}"} for n in range(70)]
    late = [{"name": "order", "id": f"late-{n}", "timestamp": old} for n in range(10)]
    for _ in range(2):
        assert alice.send("/ingest/batch", events=[*events, *late, *events[:15]]).status_code == 202
    eventually(lambda: total(alice) - before["totalEvents"], 80)
    eventually(lambda: overview(alice)["meta"]["lagSeconds"], 0.0)
    meta = overview(alice)["meta"]
    assert meta["deduplicated"] - before["meta"]["deduplicated"] == 2 * 95 - 80
    assert meta["late"] - before["meta"]["late"] == 10
    answer = alice.get("/metrics/overview", projectId=alice.project_id, **{"from": "2020-01-01", "to": "2020-02-01"})
    assert (answer.json()["meta"]["deduplicated"], answer.json()["meta"]["late"]) == (0, 0)


def test_the_dashboard_the_quota_and_the_statistics_say_one_number(alice: Person) -> None:
    totals = alice.get(f"/projects/{alice.project_id}/ingestion", range="24h").json()["totals"]
    org = alice.get(f"/projects/{alice.project_id}").json()["orgId"]
    used = alice.get("/api/v1/billing/usage", orgId=org).json()["used"]
    assert total(alice) == totals["stored"] == used
    assert totals["accepted"] - totals["deduplicated"] == totals["stored"]
