"""From the door to the number and the live view, through the real server."""

import asyncio
import gzip
import json
from typing import Any

import httpx
import pytest
import websockets
from bench.served import Served, start
from tests.story.conftest import Person, eventually, with_project


def total(person: Person) -> int:
    answer = person.get("/metrics/overview", projectId=person.project_id)
    assert answer.status_code == 200, answer.text
    count: int = answer.json()["totalEvents"]
    return count


def test_an_event_becomes_a_number(alice: Person) -> None:
    alice.send(name="payment_failed", type="ERROR", userId="1")
    alice.send(name="user_login", userId="1")
    alice.send(name="user_login", userId="2", metadata={"statusCode": 503})
    eventually(lambda: total(alice), 3)
    overview = alice.get("/metrics/overview", projectId=alice.project_id).json()
    assert (overview["errors"], overview["uniqueUsers"]) == (2, 2)
    assert overview["errorRate"] == pytest.approx(2 / 3)
    top = alice.get("/metrics/errors/top", projectId=alice.project_id).json()["items"]
    assert {(item["name"], item["count"]) for item in top} == {("payment_failed", 1), ("user_login", 1)}


def test_the_same_id_through_two_doors_counts_once(alice: Person) -> None:
    alice.send(name="order", id="order-1")
    alice.send("/api/v1/ingest/batch/", events=[{"name": "order", "id": "order-1"}, {"name": "order", "id": "order-2"}])
    alice.send(name="order", id="order-1")
    alice.send(name="last")
    eventually(lambda: total(alice), 3)


def test_a_packed_batch_is_taken(alice: Person) -> None:
    body = gzip.compress(json.dumps({"events": [{"name": f"e{n}"} for n in range(1_000)]}).encode())
    headers = {"x-api-key": alice.key, "content-type": "application/json", "content-encoding": "gzip"}
    answer = alice.http.post("/ingest/batch", content=body, headers=headers)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1_000)
    eventually(lambda: total(alice), 1_000)


def test_a_stranger_reads_nothing_and_a_key_reads_its_own_project_only(alice: Person, charlie: Person) -> None:
    alice.send(name="secret")
    eventually(lambda: total(alice), 1)
    for path in ("/metrics/overview", "/metrics/events/timeseries", "/metrics/errors/top"):
        assert charlie.get(path, projectId=alice.project_id).status_code == 404
        by_key = charlie.http.get(path, params={"projectId": alice.project_id}, headers={"x-api-key": charlie.key})
        assert by_key.status_code == 404
    own = charlie.http.get("/analytics/events/count", headers={"x-api-key": charlie.key})
    assert (own.status_code, own.json()["count"]) == (200, 0)


def test_refused_events_are_counted_by_reason_and_shown_to_their_owner(alice: Person, charlie: Person) -> None:
    assert alice.send(name="").status_code == 422
    assert alice.send("/ingest/batch", events=[{"name": "good"}, {"nme": "x"}, 3]).status_code == 202
    assert alice.http.post("/ingest/event", content=b"{", headers={"x-api-key": alice.key}).status_code == 400

    def refused(person: Person) -> dict[str, int]:
        found = person.get(f"/projects/{person.project_id}/ingestion").json()["refused"]
        return {item["reason"]: item["events"] for item in found}

    eventually(lambda: refused(alice), {"invalid": 3, "malformed": 1})
    assert refused(charlie) == {}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"name":', {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 50_000, {}, 400),
        (b'{"name":"a\\u0000"}', {}, 422),
        (b'{"name":"\\ud800"}', {}, 422),
        (b"[1]", {}, 422),
        (b'{"name":"a"}', {"content-type": "text/plain"}, 415),
        (b'{"name":"a"}', {"content-type": "application/json; charset=utf-16"}, 415),
        (b'{"name":"a"}', {"content-encoding": "gzip"}, 400),
        (gzip.compress(b'{"name":"a"}')[:-4], {"content-encoding": "gzip"}, 400),
        (gzip.compress(b'{"name":"' + b"a" * 5_000_000 + b'"}'), {"content-encoding": "gzip"}, 413),
        (b'{"name":"' + b"a" * 300_000 + b'"}', {}, 413),
    ],
)
def test_bad_bodies_get_a_problem_document_and_store_nothing(
    alice: Person, body: bytes, headers: dict[str, str], status: int
) -> None:
    sent = {"content-type": "application/json", "x-api-key": alice.key} | headers
    answer = alice.http.post("/ingest/event", content=body, headers=sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert ("errors" in answer.json()) == (status == 422)
    alice.send(name="after")
    eventually(lambda: total(alice), 1)


def test_a_door_names_the_methods_it_answers_and_lets_browsers_ask(alice: Person) -> None:
    other = alice.http.put("/ingest/event")
    assert (other.status_code, other.headers["allow"]) == (405, "POST, OPTIONS")
    asked = alice.http.options("/ingest/event", headers={"origin": "https://shop.example.com"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")


def test_a_revoked_key_stops_at_once(alice: Person) -> None:
    url = f"/projects/{alice.project_id}/api-keys"
    key = alice.http.get(url, headers=alice.bearer).json()["items"][0]
    assert alice.send(name="before").status_code == 202
    alice.http.patch(f"{url}/{key['id']}", json={"status": "revoked"}, headers=alice.bearer)
    assert alice.send(name="after").status_code == 401


def test_own_requests_are_events_of_a_project_that_only_the_superadmin_sees(alice: Person, charlie: Person) -> None:
    projects = alice.get("/projects", limit=100).json()["items"]
    system = next(project["id"] for project in projects if project["name"] == "Pulseboard itself")
    assert system not in [p["id"] for p in charlie.http.get("/projects", headers=charlie.bearer).json()["items"]]
    assert charlie.get("/metrics/overview", projectId=system).status_code == 404
    alice.send(name="x")
    alice.http.get("/no/such/page")

    def recorded(endpoint: str) -> bool:
        found = alice.get("/analytics/events/count", projectId=system, name=endpoint, type="REQUEST").json()
        return bool(found["count"])

    eventually(lambda: recorded("/ingest/event"), True)
    eventually(lambda: recorded("(no route)"), True)


def test_the_live_view_shows_an_event_within_a_second(alice: Person, charlie: Person, served: Served) -> None:
    async def watch() -> dict[str, Any]:
        url = f"ws://127.0.0.1:{served.port}/live/{alice.project_id}"
        async with websockets.connect(url, additional_headers=alice.bearer, proxy=None) as socket:
            await socket.recv()
            await asyncio.to_thread(charlie.send, name="not-yours")
            await asyncio.to_thread(alice.send, name="bought", userId="u", properties={"value": 3})
            async with asyncio.timeout(1):
                while (message := json.loads(await socket.recv()))["type"] != "event":
                    pass
            event: dict[str, Any] = message["event"]
            return event

    event = asyncio.run(watch())
    assert (event["name"], event["userId"], event["value"]) == ("bought", "u", 3)


async def close_code(url: str, headers: dict[str, str], first: str | None = None) -> int:
    try:
        async with websockets.connect(url, additional_headers=headers, proxy=None) as socket, asyncio.timeout(8):
            if first is not None:
                await socket.send(first)
            while True:
                if json.loads(await socket.recv())["type"] == "counters":
                    return 0
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else -1


def test_the_live_view_is_closed_to_strangers_and_open_by_first_message(
    alice: Person, charlie: Person, served: Served
) -> None:
    url = f"ws://127.0.0.1:{served.port}/api/v1/live/{alice.project_id}"
    auth = json.dumps({"type": "auth", "token": alice.token})
    cookie = {"cookie": f"pb_access={alice.token}"}
    asked: list[tuple[dict[str, str], str | None, int]] = [
        (alice.bearer, None, 0),
        ({"x-api-key": alice.key}, None, 0),
        (cookie, None, 0),
        (cookie | {"origin": served.url}, None, 0),
        ({}, auth, 0),
        (cookie | {"origin": "https://evil.example.net"}, "{}", 4401),
        ({}, '{"type":"auth","token":"nope"}', 4401),
        ({}, "no json", 4401),
        (charlie.bearer, None, 4404),
        ({"x-api-key": charlie.key}, None, 4404),
    ]
    for headers, first, wanted in asked:
        assert asyncio.run(close_code(url, headers, first)) == wanted, (headers, first)


def test_what_was_accepted_is_there_after_a_stop_and_a_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from bench.served import set_up

    folder = tmp_path_factory.mktemp("again") / "data"
    served = start(folder)
    access = set_up(served)
    with httpx.Client(base_url=served.url) as http:
        person = with_project(http, access.token)
        for _ in range(50):
            assert person.send(name="x").status_code == 202
    assert served.stop() == 0
    served = start(folder)
    try:
        count = httpx.get(f"{served.url}/analytics/events/count", headers={"x-api-key": person.key}).json()["count"]
        assert count == 50
    finally:
        served.stop()


def test_a_second_server_on_the_same_folder_says_why_it_will_not_start(served: Served) -> None:
    with pytest.raises(RuntimeError, match="in use by process"):
        start(served.folder)
