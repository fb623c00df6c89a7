"""Attends to a request's reads: a client that goes away stops them, and ``?explain=true`` tells what they took."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec
import structlog

from pulseboard.errors import Unavailable
from pulseboard.store import Cost, Reading, reading
from pulseboard.web.front import AsgiApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

AGAIN = 0.5  # seconds after which reads that go on are stopped once more: one may just have begun
EXPLAIN = b"explain=true"


class Stopping(Protocol):
    def stop(self, name: str) -> None: ...


def attended(app: AsgiApp, store: Stopping) -> AsgiApp:
    """``app`` with every HTTP request's reads attended to."""

    async def attending(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        explained = _takes_word(scope)
        with reading(explained) as own:
            line = _Line(receive, lambda: _stop(store, own))
            if scope["method"] == "GET":
                line.listen()
            try:
                await app(scope, line.receive, _Explained(send, own).send if explained else send)
            finally:
                line.close()

    return attending


async def _stop(store: Stopping, own: Reading) -> None:
    own.stopped = True
    while True:
        try:
            await asyncio.to_thread(store.stop, own.comment)
        except Unavailable:
            log.warning("a read that nobody waits for goes on")
        await asyncio.sleep(AGAIN)


class _Line:
    """The client's end of a request: what it sends goes to the application, and when it hangs up ``gone`` runs."""

    def __init__(self, receive: Receive, gone: Callable[[], Awaitable[None]]) -> None:
        self._receive = receive
        self._gone = gone
        self._listener: asyncio.Task[None] | None = None
        self._heard: asyncio.Queue[Message] = asyncio.Queue()

    async def receive(self) -> Message:
        if self._listener is not None:
            return await self._heard.get()
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            self.listen()
        return message

    def listen(self) -> None:
        """From here on the client has nothing to send but its body's end."""
        self._listener = asyncio.create_task(self._listen())

    def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()

    async def _listen(self) -> None:
        while True:
            message = await self._receive()
            self._heard.put_nowait(message)
            if message["type"] == "http.disconnect":
                await self._gone()
                return


class _Explained:
    """Holds an answer back and adds to its JSON what the reads took."""

    def __init__(self, send: Send, own: Reading) -> None:
        self._send = send
        self._own = own
        self._start: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            body = _with_costs(self._body, self._own.costs) if self._start["status"] == 200 else self._body
            headers = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
            headers.append((b"content-length", b"%d" % len(body)))
            await self._send({**self._start, "headers": headers})
            await self._send({"type": "http.response.body", "body": body})


def _with_costs(body: bytes, costs: list[Cost]) -> bytes:
    try:
        found: Any = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
    if not isinstance(found, dict):
        return body
    told = [
        {
            "sql": cost.sql,
            "params": cost.params,
            "rowsRead": cost.rows,
            "bytesRead": cost.bytes,
            "milliseconds": round(cost.seconds * 1000, 3),
            "cached": cost.kept,
        }
        for cost in costs
    ]
    return msgspec.json.encode({**found, "explain": told})


def _takes_word(scope: Scope) -> bool:
    """Whether the request asks for an explanation; the word is taken out, for no route knows it."""
    words = scope["query_string"].split(b"&")
    if EXPLAIN not in words:
        return False
    scope["query_string"] = b"&".join(word for word in words if word != EXPLAIN)
    return True
