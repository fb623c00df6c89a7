"""A real server: errors come in, are grouped, looked at, resolved, and come back; strangers see nothing of it."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bench.served import Access, Served, serving, set_up
from tests.writer.test_stack import PYTHON, V8

PASSWORD = "a horse that staples 9 batteries"
LIST = "/api/v1/errors"
NOTHING = "0123456789abcdef"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("issues") / "data", {"PULSEBOARD_REGISTRATION": "open"}) as served:
        yield served


@pytest.fixture(scope="module")
def alice(served: Served) -> Access:
    return set_up(served)


@pytest.fixture(scope="module")
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def as_charlie(http: httpx.Client) -> dict[str, str]:
    body = {"email": "charlie@example.com", "password": PASSWORD, "name": "Charlie"}
    token = http.post("/api/v1/auth/register", json=body).json()["accessToken"]
    http.cookies.clear()
    return {"authorization": f"Bearer {token}"}


def error(name: str, ago: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """An event of so many seconds ago."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    known = {key: more.pop(key) for key in ("userId", "sessionId", "type") if key in more}
    return {"name": name, "type": "ERROR", "timestamp": at, "properties": more} | known


def send(http: httpx.Client, alice: Access, *events: dict[str, Any]) -> None:
    answer = http.post("/ingest/batch", json={"events": list(events)}, headers=alice.as_program)
    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] == len(events)


def until(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def listed(http: httpx.Client, alice: Access, **params: str) -> dict[str, Any]:
    answer = http.get(LIST, params=params, headers=alice.as_program)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def filled(http: httpx.Client, alice: Access) -> Access:
    """Two carts that failed for one reason, one payment, and what Ann did before it."""
    send(
        http,
        alice,
        error("checkout", 3_000, message="cart 12 is empty", stack=V8, userId="ann", release="1.0.0"),
        error("checkout", 2_000, message="cart 77 is empty", stack=V8, userId="ben", release="1.1.0"),
        error("page", 1_500, type="PAGE_VIEW", userId="ann", path="/cart"),
        error("click", 1_200, type="CUSTOM", userId="ann"),
        error("click", 1_100, type="CUSTOM", userId="ben"),
        error("payment", 1_000, userId="ann", stack=PYTHON, environment="prod"),
    )
    until(lambda: len(listed(http, alice)["items"]) == 2)
    return alice


def test_errors_of_one_reason_are_one_group(http: httpx.Client, filled: Access) -> None:
    payment, checkout = listed(http, filled)["items"]
    assert (payment["name"], payment["message"], payment["environment"]) == ("payment", "cart 12", "prod")
    assert (checkout["count"], checkout["users"], checkout["message"]) == (2, 2, "cart 77 is empty")
    assert (checkout["status"], checkout["releases"]) == ("open", ["1.1.0", "1.0.0"])
    assert sum(point["value"] for point in checkout["trend"]) == 2
    assert listed(http, filled, sort="count")["items"][0]["id"] == checkout["id"]


def test_one_group_shows_its_stack_and_what_the_same_user_did_before(http: httpx.Client, filled: Access) -> None:
    payment, checkout = listed(http, filled)["items"]
    found = http.get(f"{LIST}/{payment['id']}", headers=filled.as_program).json()
    assert [frame["function"] for frame in found["exception"]["frames"]] == ["total", "run"]
    assert [frame["inApp"] for frame in found["exception"]["frames"]] == [True, False]
    assert (found["exception"]["type"], found["exception"]["message"]) == ("ValueError", "cart 12")
    assert [crumb["name"] for crumb in found["breadcrumbs"]] == ["click", "page", "checkout"]
    assert (found["latest"]["userId"], found["count"], found["state"]["status"]) == ("ann", 1, "open")
    other = http.get(f"{LIST}/{checkout['id']}", headers=filled.as_program, params={"range": "1h"}).json()
    assert [(each["release"], each["count"]) for each in other["releases"]] == [("1.1.0", 1), ("1.0.0", 1)]


def test_a_resolved_group_comes_back_when_it_happens_again(http: httpx.Client, filled: Access) -> None:
    group = listed(http, filled, sort="count")["items"][0]["id"]
    params = {"projectId": filled.project_id}
    body = {"status": "resolved", "release": "1.2.0"}
    done = http.patch(f"{LIST}/{group}", json=body, params=params, headers=filled.as_person)
    assert (done.status_code, done.json()["status"], done.json()["release"]) == (200, "resolved", "1.2.0")
    assert [item["id"] for item in listed(http, filled, status="resolved")["items"]] == [group]
    again = {"message": "cart 3 is empty", "stack": V8, "userId": "cleo"}
    send(http, filled, error("checkout", 0, release="1.1.0", **again))
    until(lambda: listed(http, filled, status="resolved")["items"][0]["count"] == 3)
    send(http, filled, error("checkout", 0, release="1.10.0", **again))
    until(lambda: [item["id"] for item in listed(http, filled, status="regressed")["items"]] == [group])
    opened = http.patch(f"{LIST}/{group}", json={"status": "open"}, params=params, headers=filled.as_person)
    assert (opened.json()["status"], opened.json()["release"]) == ("open", None)
    assert opened.json()["changedBy"] is not None
    org = http.get(f"/api/v1/projects/{filled.project_id}", headers=filled.as_person).json()["orgId"]
    asked = {"action": "error.changed", "target": group}
    log = http.get(f"/api/v1/orgs/{org}/audit-log", params=asked, headers=filled.as_person).json()["items"]
    resolved, back = ({"status": "resolved", "release": "1.2.0"}, {"status": "open", "release": ""})
    told = [(entry["metadata"]["before"], entry["metadata"]["after"]) for entry in log]
    assert told == [(resolved, back), (back, resolved)]


def test_strangers_find_no_group_and_change_none(
    http: httpx.Client, filled: Access, as_charlie: dict[str, str]
) -> None:
    group, params = listed(http, filled)["items"][0]["id"], {"projectId": filled.project_id}
    own = http.post("/api/v1/projects", json={"name": "his"}, headers=as_charlie).json()["id"]
    for project in (params, {"projectId": own}):
        assert http.get(f"{LIST}/{group}", params=project, headers=as_charlie).status_code == 404
        changed = http.patch(f"{LIST}/{group}", json={"status": "ignored"}, params=project, headers=as_charlie)
        assert changed.status_code == 404
    assert http.get(LIST, params=params, headers=as_charlie).status_code == 404
    assert http.get(LIST, params={"projectId": own}, headers=as_charlie).json()["items"] == []
    key = http.patch(f"{LIST}/{group}", json={"status": "ignored"}, headers=filled.as_program)
    assert key.status_code == 403


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("sort", {"sort": "name"}),
        ("status", {"status": "closed"}),
        ("limit", {"limit": "0"}),
        ("limit", {"limit": "101"}),
        ("cursor", {"cursor": "next"}),
        ("cursor", {"cursor": "LTE="}),
        ("range", {"range": "soon"}),
        ("filters", {"filters": "["}),
    ],
)
def test_what_is_wrong_with_a_list_is_named(
    http: httpx.Client, filled: Access, path: str, params: dict[str, str]
) -> None:
    answer = http.get(LIST, params=params, headers=filled.as_program)
    assert (answer.status_code, [each["path"] for each in answer.json()["errors"]]) == (422, [path])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("status", {}),
        ("status", {"status": "regressed"}),
        ("release", {"status": "resolved", "release": ""}),
        ("release", {"status": "resolved", "release": "x" * 201}),
        ("until", {"status": "ignored", "until": "tomorrow"}),
    ],
)
def test_what_is_wrong_with_a_change_is_named(
    http: httpx.Client, filled: Access, path: str, body: dict[str, str]
) -> None:
    group, params = listed(http, filled)["items"][0]["id"], {"projectId": filled.project_id}
    answer = http.patch(f"{LIST}/{group}", json=body, params=params, headers=filled.as_person)
    assert (answer.status_code, [each["path"] for each in answer.json()["errors"]]) == (422, [path])


@pytest.mark.parametrize("group", [NOTHING, "x" * 3_000, "%27", "a b", "..%2f", "%00", "\u00e9"])
def test_what_is_no_group_is_not_found(http: httpx.Client, filled: Access, group: str) -> None:
    params = {"projectId": filled.project_id}
    found = http.get(f"{LIST}/{group}", headers=filled.as_program)
    changed = http.patch(f"{LIST}/{group}", json={"status": "open"}, params=params, headers=filled.as_person)
    assert {found.status_code, changed.status_code} <= {404, 422}
