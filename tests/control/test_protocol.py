"""A stranger cannot fill the memory with a request that never gets to its body."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from pulseboard.web.protocol import MAX_HEAD, BoundedProtocol


async def application(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI, as loose as it is
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    body = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    config = uvicorn.Config(application, port=0, http=BoundedProtocol, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    with socket.create_connection(server.servers[0].sockets[0].getsockname()) as connection:
        connection.settimeout(10)
        yield connection
    server.should_exit = True
    thread.join(10)


def test_a_head_without_end_is_refused(peer: socket.socket) -> None:
    peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
    try:
        for _ in range(4 * MAX_HEAD // 65_536):
            peer.sendall(b"a" * 65_536)
        answer = peer.recv(200)
    except ConnectionError:
        return  # closed while we were sending, which says the same
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_large_bodies_and_requests_one_after_another_pass(peer: socket.socket) -> None:
    size = 3 * MAX_HEAD
    for _ in range(2):
        peer.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
        peer.sendall(b"Content-Length: %d\r\n\r\n" % size + b"b" * size)
        answer = b""
        while not answer.endswith(str(size).encode()):
            answer += peer.recv(1_000)
        assert answer.startswith(b"HTTP/1.1 200 ")


def test_the_body_of_a_request_that_offers_http_2_arrives(peer: socket.socket) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\nUpgrade: h2c"
    for more in (b"\r\n" + offer, b""):
        peer.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 19%b\r\n\r\n\r\nUpgrade: h2c\r\nabc" % more)
        answer = peer.recv(1_000)
        assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\n19"), answer
