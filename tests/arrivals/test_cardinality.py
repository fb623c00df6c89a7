"""Ten thousand different names and property keys in a project: stored exactly, contained, and told to its owner."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.served import Served, serving, set_up
from tests.story.conftest import Person, eventually, with_project

ROUNDS, EACH = 12, 1_000
MOST_GROWTH = 100  # MB, of which the engine alone takes some tens back and forth


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("cardinality") / "data", {"PULSEBOARD_SELF_MONITOR": "off"}) as served:
        yield served


@pytest.fixture(scope="module")
def alice(served: Served) -> Iterator[Person]:
    token = set_up(served).token
    with httpx.Client(base_url=served.url, timeout=60) as http:
        yield with_project(http, token)


def get(alice: Person, path: str, **params: str) -> dict[str, Any]:
    answer = alice.get(path, projectId=alice.project_id, range="24h", **params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def total(alice: Person) -> int:
    return int(get(alice, "/metrics/overview")["totalEvents"])


def send(alice: Person, events: list[dict[str, Any]]) -> None:
    answer = alice.send("/ingest/batch", events=events)
    assert (answer.status_code, answer.json()["accepted"]) == (202, len(events)), answer.text


def resident(served: Served) -> int:
    """MB of the server's process."""
    status = Path(f"/proc/{served.process.pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def test_a_flood_of_names_and_keys_is_contained_and_told(served: Served, alice: Person) -> None:
    send(alice, [{"name": "visit", "properties": {"plan": "free"}} for _ in range(2_000)])
    eventually(lambda: total(alice), 2_000)
    before = resident(served)
    for round_ in range(ROUNDS):
        numbers = range(round_ * EACH, (round_ + 1) * EACH)
        send(alice, [{"name": f"order-{n}", "properties": {f"key-{n}": n, "plan": "pro"}} for n in numbers])
    eventually(lambda: total(alice), 2_000 + ROUNDS * EACH, seconds=60)
    assert resident(served) - before < MOST_GROWTH

    catalog = alice.get(f"/projects/{alice.project_id}/catalog").json()
    assert (len(catalog["names"]), len(catalog["properties"])) == (2_000, 2_000)
    assert {"visit"} < {entry["name"] for entry in catalog["names"]}
    assert {"plan"} < {entry["key"] for entry in catalog["properties"]}
    notices = {notice["type"]: notice["beyond"] for notice in catalog["notices"]}
    beyond = ROUNDS * EACH + 1 - 2_000
    wanted = {"too-many-names": beyond, "too-many-properties": beyond}
    assert notices == {kind: pytest.approx(number, rel=0.02) for kind, number in wanted.items()}
    ingestion = alice.get(f"/projects/{alice.project_id}/ingestion").json()
    assert [notice["type"] for notice in ingestion["notices"]] == ["too-many-names", "too-many-properties"]


def test_reads_of_such_a_project_are_exact(alice: Person) -> None:
    by_name = get(alice, "/metrics/events/timeseries", breakdown="name", interval="hour")["series"]
    totals = {line["label"]: line["total"] for line in by_name}
    assert (totals["visit"], totals["Other"]) == (2_000, ROUNDS * EACH - 9)
    by_plan = get(alice, "/metrics/events/timeseries", breakdown="plan", interval="hour")["series"]
    assert {line["label"]: line["total"] for line in by_plan} == {"pro": ROUNDS * EACH, "free": 2_000}
    assert get(alice, "/analytics/events/count", name="order-11999")["count"] == 1
    own = '[{"property": "key-11999", "operator": "is", "value": 11999}]'
    assert get(alice, "/analytics/events/count", filters=own)["count"] == 1
