"""The short way through a door and the ordinary one are the same door, and slow bodies are of the moment they end."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.story.conftest import Person

EVENT = b'{"name": "a"}'


@contextmanager
def connected(person: Person) -> Iterator[socket.socket]:
    address = urlsplit(str(person.http.base_url))
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as peer:
        yield peer


def request(person: Person, path: str, body: bytes = EVENT, more: str = "", version: str = "1.1") -> bytes:
    key = "" if "x-api-key" in more else f"x-api-key: {person.key}\r\n"
    head = f"POST {path} HTTP/{version}\r\nhost: x\r\n{key}{more}"
    length = "" if "content-length" in more else f"content-length: {len(body)}\r\n"
    return f"{head}{length}\r\n".encode() + body


def answered(person: Person, sent: bytes) -> tuple[list[str], bool]:
    """What is answered, without what differs from request to request, and whether the connection is closed then."""
    with connected(person) as peer:
        peer.sendall(sent)
        peer.settimeout(0.3)
        got, closed = b"", False
        try:
            while not closed:
                piece = peer.recv(65_536)
                got, closed = got + piece, not piece
        except TimeoutError:
            pass
    text = re.sub(r"(date: |ratelimit-\w+: |\"id\":)[^\r}]+", r"\1", got.decode())
    return ["\n".join(sorted(part.split("\r\n"))) for part in text.split("\r\n\r\n")], closed


REQUESTS: dict[str, dict[str, Any]] = {
    "one event": {},
    "a batch where one is bad": {"path": "/ingest/batch", "body": b'{"events": [{"name": "a"}, {"nam": "b"}]}'},
    "a bad event": {"body": b'{"nam": 1}'},
    "no JSON": {"body": b'{"name": "a",}'},
    "no body": {"body": b""},
    "NUL": {"body": b'{"name": "\\u0000"}'},
    "no UTF-8": {"body": b'{"name": "\xff"}'},
    "too many properties": {"body": b'{"name": "a", "properties": {"x": "%b"}}' % (b"y" * 65_000)},
    "an old client": {"version": "1.0"},
    "an old client that would stay": {"version": "1.0", "more": "connection: keep-alive\r\n"},
    "the last request": {"more": "connection: close\r\n"},
    "another type": {"more": "content-type: text/html\r\n"},
    "a type in capitals": {"more": "content-type: Application/JSON; charset=UTF-8\r\n"},
    "two types": {"more": "content-type: application/json\r\ncontent-type: text/html\r\n"},
    "two keys": {"more": "x-api-key: pk_live_a\r\nx-api-key: pk_live_b\r\n"},
    "two lengths": {"more": "content-length: 13\r\ncontent-length: 13\r\n"},
    "two lengths that differ": {"more": "content-length: 13\r\ncontent-length: 5\r\n"},
    "a length and pieces": {"more": "content-length: 13\r\ntransfer-encoding: chunked\r\n"},
    "a length with a sign": {"more": "content-length: +13\r\n"},
    "a header that is folded": {"more": "x-a: b\r\n c\r\n"},
    "a header with a blank before its colon": {"more": "x-a : b\r\n"},
    "a page's origin": {"more": "origin: https://elsewhere.example.com\r\n"},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_both_ways_answer_the_same(alice: Person, name: str) -> None:
    parts = {"path": "/ingest/event"} | REQUESTS[name]
    path = parts.pop("path")
    alice.send(name="warm")  # so that the key is known, and the short way open
    short, ordinary = (answered(alice, request(alice, path + end, **parts)) for end in ("", "?"))
    assert short == ordinary
    assert len(short[0]) > 1


@pytest.mark.parametrize(
    "bodies", [[EVENT, EVENT], [EVENT, b"{}", EVENT], [b"[", EVENT]], ids=["good", "a bad one between", "bad first"]
)
def test_pipelined_requests_are_answered_the_same_both_ways(alice: Person, bodies: list[bytes]) -> None:
    alice.send(name="warm")
    short, ordinary = (
        answered(alice, b"".join(request(alice, "/ingest/event" + end, body) for body in bodies)) for end in ("", "?")
    )
    assert short == ordinary
    assert len(short[0]) == len(bodies) + 1


def revoked_meanwhile(person: Person) -> bytes:
    """The answer to a request whose body takes a while; the key is revoked meanwhile."""
    with connected(person) as peer:
        whole = request(person, "/ingest/event?")
        peer.sendall(whole[:-1])
        time.sleep(0.2)
        (key,) = person.get(f"/projects/{person.project_id}/api-keys").json()["items"]
        path = f"/projects/{person.project_id}/api-keys/{key['id']}"
        person.http.patch(path, json={"status": "revoked"}, headers=person.bearer).raise_for_status()
        peer.sendall(whole[-1:])
        return peer.recv(65_536)


def test_a_key_that_is_revoked_while_the_body_comes_brings_nothing(alice: Person) -> None:
    assert revoked_meanwhile(alice).startswith(b"HTTP/1.1 401 ")


def test_an_event_came_when_its_body_was_whole(alice: Person) -> None:
    with connected(alice) as peer:
        whole = request(alice, "/ingest/event?")
        peer.sendall(whole[:-1])
        time.sleep(1.5)
        through = alice.get("/metrics/overview", projectId=alice.project_id).json()["meta"]["completeThrough"]
        peer.sendall(whole[-1:])
        assert peer.recv(65_536).startswith(b"HTTP/1.1 202 ")
    for _ in range(50):
        found = alice.get(f"/projects/{alice.project_id}/ingestion", range="24h").json()["totals"]
        if found["stored"]:
            break
        time.sleep(0.1)
    assert found["lastReceivedAt"] > through
