"""Clients that take their time: thousands of connections and bodies that never end cost others nothing."""

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from bench.served import Access, Served, serving, set_up

CONNECTIONS = 1_500  # more than the usual limit of open files lets in
UPLOADS = 160
PIECE = 4 * 1024 * 1024  # bytes of a batch that is never finished


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Access]]:
    with serving(tmp_path_factory.mktemp("slow") / "data") as server:
        yield server, set_up(server)


def megabytes(server: Served) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def send_one(server: Served, access: Access) -> tuple[int, float]:
    began = time.perf_counter()
    answer = httpx.post(
        f"{server.url}/ingest/event", json={"name": "quick"}, headers=access.as_program, timeout=30, trust_env=False
    )
    return answer.status_code, time.perf_counter() - began


def test_connections_that_say_nothing_do_not_keep_others_out(served: tuple[Served, Access]) -> None:
    server, access = served
    with contextlib.ExitStack() as open_:
        for number in range(CONNECTIONS):
            peer = open_.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            if number % 2:
                peer.sendall(b"POST /ingest/event HTTP/1.1\r\nhost: x\r\nx-a: ")
        status, took = send_one(server, access)
        assert status == 202 and took < 10
        assert httpx.get(f"{server.url}/health/ready", timeout=30).status_code == 200


def test_bodies_that_never_end_are_bounded_together(served: tuple[Served, Access]) -> None:
    server, access = served
    before = megabytes(server)
    head = f"POST /ingest/batch HTTP/1.1\r\nhost: x\r\nx-api-key: {access.key}\r\ncontent-length: {PIECE + 9}\r\n\r\n"
    refused = 0
    with contextlib.ExitStack() as open_, ThreadPoolExecutor(UPLOADS) as senders:

        def begin(_: int) -> socket.socket:
            peer = open_.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            peer.settimeout(10)
            with contextlib.suppress(OSError):  # refused while we were sending
                peer.sendall(head.encode() + b" " * PIECE)
            return peer

        peers = list(senders.map(begin, range(UPLOADS)))
        time.sleep(1)
        assert megabytes(server) - before < UPLOADS * PIECE / 2**20 / 2, "what was sent is kept"
        assert send_one(server, access)[0] == 202
        for peer in peers:
            peer.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                refused += peer.recv(200).startswith(b"HTTP/1.1 503 ")
    assert refused > 0
