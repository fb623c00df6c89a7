"""The whole server as its owner sees it: how it does, its jobs, and everybody's events."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from bench.served import Access, Served, serving, set_up

PATIENCE = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("desk") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def owner(served: Served) -> Access:
    return set_up(served)


@pytest.fixture(scope="module")
def http(served: Served, owner: Access) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{served.url}/api/v1/admin", headers=owner.as_person, timeout=PATIENCE) as client:
        yield client


@pytest.fixture(scope="module")
def sent(served: Served, owner: Access, http: httpx.Client) -> str:
    """Three events of two projects are stored; gives the second project's id."""
    with httpx.Client(base_url=served.url, headers=owner.as_person, timeout=PATIENCE) as alice:
        other = str(alice.post("/api/v1/projects", json={"name": "Other"}).json()["id"])
        made = alice.post(f"/api/v1/projects/{other}/api-keys", json={"label": "x"}).json()["key"]
    for key, user, extra in ((owner.key, "ann", {}), (owner.key, "ben", {"n": "needle"}), (made, "ann", {})):
        body = {"name": "order", "type": "ORDER", "userId": user, "properties": extra}
        answer = httpx.post(f"{served.url}/ingest/event", json=body, headers={"x-api-key": key})
        assert answer.status_code == 202, answer.text
    assert until(lambda: len(search(http, type="order")) == 3)
    return other


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def search(http: httpx.Client, **params: str | int) -> list[dict[str, Any]]:
    answer = http.get("/events", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_events_of_all_projects_are_found_by_what_is_known_of_them(
    http: httpx.Client, owner: Access, sent: str
) -> None:
    assert {item["projectId"] for item in search(http, type="order")} == {owner.project_id, sent}
    assert {item["projectName"] for item in search(http, userId="ann", name="order")} == {"Load", "Other"}
    assert [item["userId"] for item in search(http, search="NEEDLE")] == ["ben"]
    assert [item["userId"] for item in search(http, projectId=sent, type="ORDER")] == ["ann"]
    assert search(http, name="%") == search(http, search="' OR 1=1 --") == []


def test_a_search_goes_on_where_the_page_before_ended(http: httpx.Client, sent: str) -> None:
    seen, cursor = [], {}
    for _ in range(3):
        page = http.get("/events", params={"type": "order", "limit": 1, **cursor}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["nextCursor"]}
    assert cursor == {"cursor": None}
    assert seen == [item["id"] for item in search(http, type="order")]


def test_a_search_is_bounded_and_told(http: httpx.Client, sent: str) -> None:
    for wrong in (
        {"from": "2026-01-01", "to": "2026-06-01"},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "0001-01-01"},
        {"cursor": "x"},
        {"projectId": "x"},
        {"limit": "201"},
    ):
        assert http.get("/events", params=wrong).status_code == 422, wrong
    search(http, search="who looks for this?")
    told = http.get("/audit-log", params={"action": "events"}).json()["items"][0]
    assert told["metadata"]["after"]["search"] == "who looks for this?"


def test_stats_tell_what_there_is_and_what_waits(http: httpx.Client, owner: Access, sent: str) -> None:
    stats = http.get("/stats").json()
    assert (stats["users"], stats["superadmins"], stats["orgs"], stats["projects"]) == (1, 1, 1, 2)
    assert stats["events"] >= 3 and stats["deadLetters"] == 0 and stats["spool"]["events"] >= 0
    sizes = {part["name"]: part["bytes"] for part in stats["disk"]["parts"]}
    assert sizes["events"] > 0 and sizes["control"] > 0 and stats["disk"]["free"] > 0


def test_a_job_runs_when_somebody_asks(http: httpx.Client) -> None:
    names = [job["name"] for job in http.get("/jobs").json()["items"]]
    assert "summaries" in names
    began = len(http.get("/jobs/summaries/runs").json()["items"])
    assert http.post("/jobs/summaries/run").status_code == 202

    def has_run() -> bool:
        runs = http.get("/jobs/summaries/runs").json()["items"]
        return len(runs) > began and runs[0]["outcome"] == "done" and runs[0]["seconds"] is not None

    assert until(has_run)
    assert http.get("/audit-log", params={"action": "job"}).json()["items"][0]["target"]["id"] == "summaries"
    assert http.post("/jobs/nothing/run").status_code == http.get("/jobs/nothing/runs").status_code == 404


def test_programs_see_none_of_it(served: Served, owner: Access) -> None:
    for path in ("stats", "events", "jobs", "orgs", "users", "settings", "outbox", "audit-log"):
        assert httpx.get(f"{served.url}/admin/{path}", headers=owner.as_program).status_code == 403
        assert httpx.get(f"{served.url}/admin/{path}").status_code == 401
