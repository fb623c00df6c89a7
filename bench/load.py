"""A load generator in plain sockets and epoll, quick enough that two cores measure the server and not the client.

``closed`` keeps every connection busy and counts; ``paced`` sends at a fixed rate and times each answer from the moment
it was due, so that a stall is not hidden by the requests it delayed.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

SIZE = 65_536


@dataclass
class Result:
    """``latencies`` in seconds, in order of arrival; ``statuses`` counts answers by their status line's code."""

    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers of 2xx per second."""
        good = sum(count for status, count in self.statuses.items() if status.startswith("2"))
        return good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in seconds that ``share`` (0 to 1) of the answers stay under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a POST request."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self.socket.sendall(request)


def closed(address: tuple[str, int], requests: Iterator[bytes], connections: int, seconds: float) -> Result:
    """As many requests as ``connections`` that always wait for one answer each can send."""
    result, poll, open_ = _open(address, connections)
    started = time.perf_counter()
    for connection in open_.values():
        connection.send(next(requests), time.perf_counter())
    while (now := time.perf_counter()) < started + seconds:
        for number, _ in poll.poll(0.1):
            connection = open_[number]
            _receive(connection, result)
            connection.send(next(requests), time.perf_counter())
    result.seconds = now - started
    _close(open_)
    return result


def paced(
    address: tuple[str, int], requests: Iterator[bytes], connections: int, seconds: float, per_second: float
) -> Result:
    """``per_second`` requests, each due at its own moment; latency counts from that moment."""
    result, poll, open_ = _open(address, connections)
    idle = deque(open_.values())
    started = time.perf_counter()
    sent = 0
    while (now := time.perf_counter()) < started + seconds:
        while idle and (due := started + sent / per_second) <= now:
            idle.popleft().send(next(requests), due)
            sent += 1
        wait = max(0.0, started + sent / per_second - time.perf_counter()) if idle else 0.1
        for number, _ in poll.poll(min(wait, 0.1)):
            _receive(open_[number], result)
            idle.append(open_[number])
    result.seconds = now - started
    _close(open_)
    return result


def _open(address: tuple[str, int], connections: int) -> tuple[Result, select.epoll, dict[int, _Connection]]:
    poll = select.epoll()
    open_ = {}
    for _ in range(connections):
        connection = _Connection(address)
        open_[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
    return Result(), poll, open_


def _receive(connection: _Connection, result: Result) -> None:
    """Reads one whole answer: our servers always send its length."""
    answer = connection.socket.recv(SIZE)
    head, _, body = answer.partition(b"\r\n\r\n")
    while not head or len(body) < _length(head):
        more = connection.socket.recv(SIZE)
        if not more:
            raise ConnectionError("the server closed the connection")
        answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
    status = head[9:12].decode()
    result.statuses[status] = result.statuses.get(status, 0) + 1
    result.latencies.append(time.perf_counter() - connection.due)


def _length(head: bytes) -> int:
    start = head.lower().find(b"content-length:")
    return int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0


def _close(connections: dict[int, _Connection]) -> None:
    for connection in connections.values():
        connection.socket.close()
