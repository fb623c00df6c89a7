"""Dead letters over HTTP: who sees which, what is shown, and that a second try and an end are each what they say."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from bench.served import Access, Served, set_up, start
from tests.story.conftest import PASSWORD, eventually

from pulseboard.ingest.event import Event, encode
from pulseboard.kit.ids import new_id
from pulseboard.spool.base import Parcel, Record
from pulseboard.spool.sqlite import SqliteSpool

ADMIN = "/api/v1/admin/dead-letters"
BAD = b"\xc1 never an event"


@dataclass
class Cast:
    """Alice owns the installation and a project, Charlie has a project of his own and Bob is viewer at Charlie's."""

    http: httpx.Client
    alice: Access
    charlie: dict[str, str]
    charlies: str

    def ask(self, method: str, path: str, as_whom: dict[str, str], **params: Any) -> httpx.Response:  # noqa: ANN401
        return self.http.request(method, path, headers=as_whom, params=params)

    def own(self, project_id: str) -> str:
        return f"/api/v1/projects/{project_id}/dead-letters"


def put_aside(folder: Path, project_id: str, body: bytes, reason: str, events: int = 1) -> None:
    """What the writer leaves behind when no try can store a request; the server is stopped meanwhile."""
    spool = SqliteSpool(folder / "spool.db", max_bytes=1 << 30)
    spool.put_now(Parcel(project_id, 1_760_000_000_000, events, body, "key", len(body)))
    lease = spool.lease(1, 0)
    assert lease is not None
    spool.bury(Record(lease.records[0].seq, 0, lease.records[0].parcel), reason)
    spool.ack(lease)
    spool.close()


def event(name: str, **more: object) -> Event:
    values: dict[str, Any] = {"type": "CUSTOM", "name": name, "timestamp": 1_760_000_000_000} | more
    return Event(id=new_id(), own_id=False, **values)


def registered(http: httpx.Client, name: str) -> dict[str, str]:
    body = {"email": f"{name}@example.com", "password": PASSWORD, "name": name}
    answer = http.post("/api/v1/auth/register", json=body)
    http.cookies.clear()
    return {"authorization": f"Bearer {answer.json()['accessToken']}"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("letters") / "data"


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[tuple[Access, dict[str, str], str]]:
    served = start(folder, env={"PULSEBOARD_REGISTRATION": "open"})
    access = set_up(served)
    with httpx.Client(base_url=served.url, timeout=30) as http:
        charlie = registered(http, "charlie")
        charlies = http.post("/api/v1/projects", json={"name": "Charlie's"}, headers=charlie).json()["id"]
    assert served.stop() == 0
    return access, charlie, charlies


@pytest.fixture
def serve(folder: Path, first: tuple[Access, dict[str, str], str]) -> Iterator[Callable[..., Cast]]:
    running: list[Served] = []

    def go(*letters: tuple[str, bytes, str, int]) -> Cast:
        access, charlie, charlies = first
        for owner, body, reason, events in letters:
            put_aside(folder, {"alice": access.project_id, "charlie": charlies}.get(owner, owner), body, reason, events)
        running.append(start(folder, env={"PULSEBOARD_REGISTRATION": "open"}))
        http = httpx.Client(base_url=running[-1].url, timeout=30)
        return Cast(http, access, charlie, charlies)

    yield go
    for served in running:
        with httpx.Client(base_url=served.url, headers=first[0].as_person, timeout=30) as http:
            for letter in http.get(ADMIN, params={"limit": 200}).json()["items"]:
                http.delete(f"{ADMIN}/{letter['id']}")
        served.stop()


def test_each_sees_their_own_and_only_the_superadmin_sees_all(serve: Callable[..., Cast]) -> None:
    cast = serve(*(("charlie", BAD, f"reason {n}", 7) for n in range(3)), ("alice", BAD, "hers", 2), ("", BAD, "?", 9))
    everything = cast.ask("GET", ADMIN, cast.alice.as_person).json()
    assert [letter["reason"] for letter in everything["items"]] == ["?", "hers", "reason 2", "reason 1", "reason 0"]
    assert everything["total"] == 5
    newest = everything["items"][0]
    assert (newest["projectId"], newest["projectName"], newest["events"]) == (None, None, 9)
    assert everything["items"][1]["projectName"] == "Load"
    own = cast.ask("GET", cast.own(cast.charlies), cast.charlie).json()
    assert (own["total"], {letter["events"] for letter in own["items"]}) == (3, {7})

    page = cast.ask("GET", ADMIN, cast.alice.as_person, limit=2).json()
    rest = cast.ask("GET", ADMIN, cast.alice.as_person, limit=200, cursor=page["nextCursor"]).json()
    assert page["items"] + rest["items"] == everything["items"]
    assert rest["nextCursor"] is None
    for cursor in ("x", "-1", "9" * 40):
        assert cast.ask("GET", ADMIN, cast.alice.as_person, cursor=cursor).status_code == 422

    hers = everything["items"][1]["id"]
    for method, path in (("GET", ""), ("GET", f"/{hers}"), ("POST", f"/{hers}/replay"), ("DELETE", f"/{hers}")):
        assert cast.ask(method, ADMIN + path, cast.charlie).status_code == 403, path
        assert cast.ask(method, ADMIN + path, cast.alice.as_program).status_code == 403, path
        assert cast.ask(method, ADMIN + path, {}).status_code == 401, path
        assert cast.ask(method, cast.own(cast.alice.project_id) + path, cast.charlie).status_code == 404, path
        assert cast.ask(method, cast.own(cast.alice.project_id) + path, cast.alice.as_program).status_code == 403, path
    for method, path in (("GET", f"/{hers}"), ("POST", f"/{hers}/replay"), ("DELETE", f"/{hers}")):
        assert cast.ask(method, cast.own(cast.charlies) + path, cast.charlie).status_code == 404, path
    for odd in ("0", "-1", "1.5", "9" * 30, "x", "%00"):
        assert cast.ask("GET", f"{ADMIN}/{odd}", cast.alice.as_person).status_code in (404, 422), odd


def test_a_letter_shows_its_events_as_far_as_they_can_be_read(serve: Callable[..., Cast]) -> None:
    good = event("visit", user_id="bob", properties={"a": [1]}, address="203.0.113.7", user_agent="Firefox")
    half = msgspec.msgpack.encode([msgspec.Raw(msgspec.msgpack.encode(good)), {"no": "event"}])
    huge = encode([event("huge", properties={"text": "x" * 300_000}) for _ in range(5)])
    odd = encode([event("odd", timestamp=2**62), event("odd", timestamp=-(2**62))])
    bodies = (BAD, encode([event("e")] * 150), half, huge, odd)
    cast = serve(*(("charlie", body, "reason", 1) for body in bodies))
    items = cast.ask("GET", cast.own(cast.charlies), cast.charlie).json()["items"]
    letters = [cast.ask("GET", f"{cast.own(cast.charlies)}/{each['id']}", cast.charlie).json() for each in items][::-1]
    assert (letters[0]["contents"], letters[0]["head"]) == ([], BAD.hex())
    assert len(letters[1]["contents"]) == 100
    readable, other = letters[2]["contents"]
    assert readable["event"] | {"id": ""} == {
        "id": "",
        "type": "CUSTOM",
        "name": "visit",
        "timestamp": "2025-10-09T08:53:20.000Z",
        "userId": "bob",
        "properties": {"a": [1]},
    }
    assert "203.0.113.7" not in json.dumps(letters[2]) and b"203.0.113.7".hex() not in json.dumps(letters[2])
    assert (other["event"], bytes.fromhex(other["unreadable"])) == (None, msgspec.msgpack.encode({"no": "event"}))
    assert len(letters[3]["contents"]) == 3
    assert [each["event"]["timestamp"][:4] for each in letters[4]["contents"]] == ["9999", "1970"]


def test_a_letter_shows_no_more_than_the_project_would_have_stored(serve: Callable[..., Cast]) -> None:
    secrets = {"message": "card 4111 1111 1111 1111 refused", "email": "bob@example.com", "plan": "pro"}
    cast = serve(("charlie", encode([event("payment", properties=secrets)]), "reason", 1))
    collection = f"/api/v1/projects/{cast.charlies}/collection"
    rules = {"mask": [{"property": "email", "action": "drop"}]}
    assert cast.http.put(collection, json=rules, headers=cast.charlie).status_code == 200
    time.sleep(2.1)  # the rules are remembered for two seconds
    (letter,) = cast.ask("GET", ADMIN, cast.alice.as_person).json()["items"]
    for whom, path in ((cast.alice.as_person, ADMIN), (cast.charlie, cast.own(cast.charlies))):
        shown = cast.ask("GET", f"{path}/{letter['id']}", whom)
        assert "4111" not in shown.text and "bob@example.com" not in shown.text
        assert shown.json()["contents"][0]["event"]["properties"]["plan"] == "pro"


def test_a_replayed_letter_is_stored_and_counted_and_a_second_replay_finds_none(serve: Callable[..., Cast]) -> None:
    cast = serve(("charlie", encode([event("replayed"), event("replayed")]), "an old version", 2))
    (letter,) = cast.ask("GET", cast.own(cast.charlies), cast.charlie).json()["items"]
    assert letter["projectName"] == "Charlie's"
    path = f"{cast.own(cast.charlies)}/{letter['id']}"
    answer = cast.ask("POST", f"{path}/replay", cast.charlie)
    assert (answer.status_code, answer.json()) == (202, {"status": "queued"})
    for method, tail in (("POST", "/replay"), ("GET", ""), ("DELETE", "")):
        assert cast.ask(method, path + tail, cast.charlie).status_code == 404
    params = {"projectId": cast.charlies, "name": "replayed", "from": "2025-10-01T00:00:00Z"}
    eventually(lambda: cast.ask("GET", "/analytics/events/count", cast.charlie, **params).json()["count"], 2)


def test_what_nobody_can_read_is_not_replayed(serve: Callable[..., Cast]) -> None:
    cast = serve(("", BAD, "its bytes changed on disk", 3))
    (letter,) = cast.ask("GET", ADMIN, cast.alice.as_person).json()["items"]
    assert cast.ask("POST", f"{ADMIN}/{letter['id']}/replay", cast.alice.as_person).status_code == 409
    assert cast.ask("DELETE", f"{ADMIN}/{letter['id']}", cast.alice.as_person).status_code == 204
    assert cast.ask("GET", ADMIN, cast.alice.as_person).json() == {"items": [], "total": 0, "nextCursor": None}


def test_what_is_put_aside_again_is_a_new_letter_that_its_owner_sees_as_refused(serve: Callable[..., Cast]) -> None:
    cast = serve(("charlie", BAD, "an old version", 4))
    (letter,) = cast.ask("GET", cast.own(cast.charlies), cast.charlie).json()["items"]
    cast.ask("POST", f"{cast.own(cast.charlies)}/{letter['id']}/replay", cast.charlie)

    def ids() -> list[str]:
        return [each["id"] for each in cast.ask("GET", cast.own(cast.charlies), cast.charlie).json()["items"]]

    eventually(lambda: len(ids()), 1)
    assert ids() != [letter["id"]]


def test_anybody_signed_in_learns_what_waits_and_strangers_do_not(serve: Callable[..., Cast]) -> None:
    cast = serve()
    for who in (cast.charlie, cast.alice.as_person, cast.alice.as_program):
        backlog = cast.ask("GET", "/ingest/backlog", who).json()
        assert set(backlog) == {"events", "bytes", "oldestReceivedAt", "lagSeconds"}
        assert backlog["lagSeconds"] < 30
    assert cast.ask("GET", "/ingest/backlog", {}).status_code == 401
