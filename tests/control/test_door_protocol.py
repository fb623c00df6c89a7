"""The short way of the doors is the ordinary one, seen from outside."""

import asyncio
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulseboard.web.doors import MOST, Answered, DoorProtocol

DOOR = b"/door"


class Entrance:
    """Takes every body but ``no``; answers when it is told to, like a disk."""

    urls = frozenset({DOOR})

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.seconds = 0.0

    def take(self, url: bytes, headers: Mapping[bytes, bytes], body: bytes, answered: Answered) -> bool:
        if body == b"no":
            return False
        self.bodies.append(body)
        rest = b"content-length: %d\r\n\r\n%b" % (len(body), body)
        asyncio.get_running_loop().call_later(self.seconds, answered, b"HTTP/1.1 202 Accepted\r\n", rest)
        return True


async def ordinary(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI, as loose as it is
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    said = b"%s %s %d" % (scope["method"].encode(), scope["path"].encode(), len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


Connect = Callable[[], socket.socket]


@pytest.fixture
def entrance() -> Entrance:
    return Entrance()


@pytest.fixture
def server(entrance: Entrance) -> Iterator[uvicorn.Server]:
    protocol = type("Protocol", (DoorProtocol,), {"entrance": entrance, "patience": 1.0})
    config = uvicorn.Config(ordinary, port=0, http=protocol, lifespan="off", log_level="critical", timeout_keep_alive=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    yield server
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the server waits for a request that was answered"


@pytest.fixture
def peer(server: uvicorn.Server) -> Iterator[socket.socket]:
    with socket.create_connection(server.servers[0].sockets[0].getsockname()) as connection:
        connection.settimeout(10)
        yield connection


def request(body: bytes, path: bytes = DOOR, method: bytes = b"POST", more: bytes = b"") -> bytes:
    return b"%b %b HTTP/1.1\r\nhost: x\r\n%bcontent-length: %d\r\n\r\n%b" % (method, path, more, len(body), body)


def answers(peer: socket.socket, count: int) -> list[tuple[bytes, bytes]]:
    """The status and body of the next answers."""
    found: list[tuple[bytes, bytes]] = []
    rest = b""
    while len(found) < count:
        head, end, body = rest.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]) if end else 0
        if end and len(body) >= length:
            found.append((head[9:12], body[:length]))
            rest = body[length:]
            continue
        more = peer.recv(65_536)
        assert more, f"closed after {rest!r}"
        rest += more
    return found


def test_a_good_request_is_answered_without_the_application(peer: socket.socket, entrance: Entrance) -> None:
    for body in (b"one", b"", b"three"):
        peer.sendall(request(body))
        assert answers(peer, 1) == [(b"202", body)]
    assert entrance.bodies == [b"one", b"", b"three"]


def test_a_request_in_many_pieces_is_the_same_request(peer: socket.socket) -> None:
    for byte in request(b"slow but whole"):
        peer.sendall(bytes([byte]))
    assert answers(peer, 1) == [(b"202", b"slow but whole")]


def test_the_same_head_with_another_body_is_the_same_kind_of_request(peer: socket.socket, entrance: Entrance) -> None:
    for body in (b"one", b"a longer one", b"no", b"", b"x" * MOST, b"y" * (MOST + 1), b"last"):
        peer.sendall(request(body, more=b"x-api-key: k\r\n"))
        ordinary = body == b"no" or len(body) > MOST
        assert answers(peer, 1) == [(b"200", b"POST /door %d" % len(body)) if ordinary else (b"202", body)]
    assert [len(body) for body in entrance.bodies] == [3, 12, 0, MOST, 4]


@pytest.mark.parametrize(
    "second",
    [
        request(b"abc").replace(b"content-length: 3", b"content-length: 3, 3"),
        request(b"abc").replace(b"content-length: 3", b"content-length: -3"),
        request(b"abc").replace(b"content-length: 3", b"content-length: "),
    ],
)
def test_a_length_that_is_none_is_refused_after_a_good_one(peer: socket.socket, second: bytes) -> None:
    peer.sendall(request(b"one"))
    assert answers(peer, 1) == [(b"202", b"one")]
    peer.sendall(second)
    assert peer.recv(100).startswith(b"HTTP/1.1 400 ")


PIECES = (
    request(b"one"),
    request(b"three"),
    request(b"one", more=b"x-y: 1\r\n"),
    request(b"no"),
    request(b"two", path=b"/elsewhere"),
    request(b"content-length: 3\r\n\r\nabc"),
    b"POST /door HTTP/1.1\r\nContent-Length:  3\r\nhost: x\r\n\r\nabc",
    b"POST /door HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.sampled_from(PIECES), min_size=1, max_size=8), cuts=st.lists(st.integers(0, 900), max_size=6))
def test_however_requests_are_cut_they_are_answered_as_on_connections_of_their_own(
    server: uvicorn.Server, sent: list[bytes], cuts: list[int]
) -> None:
    address = server.servers[0].sockets[0].getsockname()
    alone = []
    for one in sent:
        with socket.create_connection(address) as peer:
            peer.settimeout(10)
            peer.sendall(one)
            alone += [body for _, body in answers(peer, 1)]
    whole = b"".join(sent)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    with socket.create_connection(address) as peer:
        peer.settimeout(10)
        for begin, end in itertools.pairwise(edges):
            peer.sendall(whole[begin:end])
            time.sleep(0.002)
        together = [body for _, body in answers(peer, len(sent))]
    # Which way it went may differ for a request that had to wait; that it is the same request may not.
    assert [size_told(body) for body in together] == [size_told(body) for body in alone]


def size_told(body: bytes) -> int:
    """How large the request's body was, by an answer of either way."""
    return int(body.rpartition(b" ")[2]) if body.startswith(b"POST") else len(body)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (request(b"no"), b"POST /door 2"),
        (request(b"x", path=b"/door?a=1"), b"POST /door 1"),
        (request(b"x", path=b"/d%6For"), b"POST /door 1"),
        (request(b"x", path=b"/elsewhere"), b"POST /elsewhere 1"),
        (request(b"x", method=b"PUT"), b"PUT /door 1"),
        (request(b"x" * (MOST + 1)), b"POST /door %d" % (MOST + 1)),
        (
            b"POST /door HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n",
            b"POST /door 3",
        ),
    ],
)
def test_everything_else_goes_the_ordinary_way_untouched(
    peer: socket.socket, entrance: Entrance, sent: bytes, said: bytes
) -> None:
    peer.sendall(sent)
    assert answers(peer, 1) == [(b"200", said)]
    assert entrance.bodies == []
    peer.sendall(request(b"next"))
    assert answers(peer, 1) == [(b"202", b"next")]


def test_http_1_0_is_not_kept_waiting_for_the_end(peer: socket.socket, entrance: Entrance) -> None:
    peer.sendall(request(b"old", more=b"connection: keep-alive\r\n").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert answers(peer, 1) == [(b"200", b"POST /door 3")]
    assert peer.recv(100) == b""
    assert entrance.bodies == []


def test_pipelined_requests_are_answered_in_their_order(peer: socket.socket, entrance: Entrance) -> None:
    entrance.seconds = 0.2
    peer.sendall(request(b"one") + request(b"two") + request(b"x", path=b"/elsewhere") + request(b"four"))
    first, second, third, fourth = answers(peer, 4)
    assert first == (b"202", b"one")
    assert second in ((b"202", b"two"), (b"200", b"POST /door 3"))
    assert third == (b"200", b"POST /elsewhere 1")
    assert fourth in ((b"202", b"four"), (b"200", b"POST /door 4"))


def test_a_client_that_expects_to_be_asked_is_asked(peer: socket.socket) -> None:
    head, _, body = request(b"patient", more=b"expect: 100-continue\r\n").partition(b"\r\n\r\n")
    peer.sendall(head + b"\r\n\r\n")
    assert peer.recv(100).startswith(b"HTTP/1.1 100 ")
    peer.sendall(body)
    assert answers(peer, 1) == [(b"200", b"POST /door 7")]


def test_who_wants_no_more_is_closed(peer: socket.socket) -> None:
    peer.sendall(request(b"last", more=b"connection: close\r\n"))
    assert answers(peer, 1) == [(b"200", b"POST /door 4")]
    assert peer.recv(100) == b""


def test_a_server_that_stops_answers_what_it_took_and_closes(
    peer: socket.socket, server: uvicorn.Server, entrance: Entrance
) -> None:
    entrance.seconds = 0.5
    peer.sendall(request(b"taken"))
    while not entrance.bodies:
        time.sleep(0.01)
    server.should_exit = True
    assert answers(peer, 1) == [(b"202", b"taken")]
    assert peer.recv(100) == b""


def test_a_client_that_goes_away_hurts_nobody(server: uvicorn.Server, entrance: Entrance) -> None:
    address = server.servers[0].sockets[0].getsockname()
    entrance.seconds = 0.2
    with socket.create_connection(address) as gone:
        gone.sendall(request(b"gone"))
        while not entrance.bodies:
            time.sleep(0.01)
    time.sleep(0.4)
    with socket.create_connection(address) as other:
        other.sendall(request(b"still there"))
        assert answers(other, 1) == [(b"202", b"still there")]


@pytest.mark.parametrize("path", [DOOR, b"/elsewhere"])
def test_a_connection_that_rests_is_closed_and_one_in_use_is_not(peer: socket.socket, path: bytes) -> None:
    for _ in range(6):
        peer.sendall(request(b"x", path=path))
        answers(peer, 1)
        time.sleep(0.4)
    peer.sendall(request(b"x"))
    answers(peer, 1)
    began = time.monotonic()
    assert peer.recv(100) == b""
    assert 0.9 < time.monotonic() - began < 4


@pytest.mark.parametrize(
    "begun", [b"", b"POST /door HT", b"POST /door HTTP/1.1\r\nhost: x\r\n", request(b"a body")[:-3]]
)
def test_a_request_that_does_not_end_is_given_up(peer: socket.socket, begun: bytes) -> None:
    peer.sendall(begun)
    began = time.monotonic()
    assert peer.recv(100) == b""
    assert time.monotonic() - began < 5
