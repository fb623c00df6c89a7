"""uvicorn's protocol with a short way for the doors: no task, no scope, one write.

Only a request is taken that is whole, plain and good; everything else goes the ordinary way as if this class were not
there, also a request that looked good and turned out not to be. docs/decisions/0008 says why.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pulseboard.web.protocol import BoundedProtocol

MOST = 64 * 1024  # bytes of body, as uvicorn buffers; a larger one is a batch, whose events cost more than the way

Answered = Callable[[bytes, bytes], None]  # the status line, and what follows it; both with their line ends


class Entrance(Protocol):
    """The doors behind the short way."""

    @property
    def urls(self) -> frozenset[bytes]:
        """The exact targets of requests that are known here."""

    def take(self, url: bytes, headers: Mapping[bytes, bytes], body: bytes, answered: Answered) -> bool:
        """Takes a POST and calls ``answered`` later, in the event loop; False leaves the request untouched."""


class _Pending:
    """Stands where uvicorn keeps the request that it answers, so that a pipelined one waits and a stop is noticed."""

    __slots__ = ("body", "disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self) -> None:
        self.response_complete = True
        self.disconnected = False
        self.keep_alive = True
        self.message_event = asyncio.Event()
        self.body = b""


class DoorProtocol(BoundedProtocol):
    """``entrance`` is set on a subclass."""

    entrance: Entrance
    _always: tuple[object, bytes] = (None, b"")  # uvicorn's headers of every answer, and the same as bytes

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- uvicorn's own arguments
        super().__init__(*args, **kwargs)
        self._pending = _Pending()
        self._chunks: list[bytes] | None = None  # of a body that may go the short way
        self._size = 0
        self._resting_since = 0.0  # by the loop's clock
        self._rest_timer: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._rest_timer is not None:
            self._rest_timer.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._in_head, self._in_request, self._head = True, True, 0
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._chunks = None

    def on_headers_complete(self) -> None:
        if self.url in self.entrance.urls and self._may_be_short():
            self._in_head = False
            self._chunks, self._size = [], 0
        else:
            self._begin_ordinary()

    def on_body(self, body: bytes) -> None:
        if self._chunks is None:
            super().on_body(body)
            return
        self._chunks.append(body)
        self._size += len(body)
        if self._size > MOST:
            self._go_ordinary()

    def on_message_complete(self) -> None:
        if self._chunks is not None:
            if self._take_short():
                self._in_request = False
                self._forget_deadline()
                return
            self._go_ordinary()
        super().on_message_complete()

    def _may_be_short(self) -> bool:
        return (
            self.parser.get_method() == b"POST"
            and self.parser.should_keep_alive()
            and self.parser.get_http_version() == "1.1"
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and (self.cycle is None or self.cycle.response_complete)
        )

    def _begin_ordinary(self) -> None:
        """What uvicorn does at the beginning of a request, left out until it was clear that it is needed."""
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers += headers
        super().on_headers_complete()

    def _go_ordinary(self) -> None:
        chunks, self._chunks = self._chunks or [], None
        self._begin_ordinary()
        for chunk in chunks:
            super().on_body(chunk)

    def _take_short(self) -> bool:
        headers = dict(self.headers)
        if b"transfer-encoding" in headers:  # a trailer would stand among the headers
            return False
        if not self.entrance.take(self.url, headers, b"".join(self._chunks or ()), self._answer):
            return False
        self._chunks = None
        self._pending.response_complete = False
        self.cycle = self._pending  # type: ignore[assignment]
        return True

    def _answer(self, status_line: bytes, rest: bytes) -> None:
        pending = self._pending
        pending.response_complete = True
        if pending.disconnected:
            return
        closing = b"" if pending.keep_alive else b"connection: close\r\n"
        self.transport.write(b"".join((status_line, self._headers_of_all(), closing, rest)))
        if not pending.keep_alive:
            self.transport.close()
        if self.pipeline or self.transport.is_closing():
            self.on_response_complete()
        else:
            self.server_state.total_requests += 1
            self._rest()

    def on_response_complete(self) -> None:
        self._resting_since = self.loop.time()
        super().on_response_complete()

    def _rest(self) -> None:
        """Closes the connection when nothing comes for long: one timer that is set again, not one for each request."""
        self._resting_since = self.loop.time()
        if self._rest_timer is None:
            self._rest_timer = self.loop.call_later(self.timeout_keep_alive, self._rested)

    def _rested(self) -> None:
        self._rest_timer = None
        busy = self._in_request or (self.cycle is not None and not self.cycle.response_complete)
        left = self._resting_since + self.timeout_keep_alive - self.loop.time()
        if busy or left > 0:
            self._rest_timer = self.loop.call_later(max(left, 1.0), self._rested)
        elif not self.transport.is_closing():
            self.transport.close()

    def _headers_of_all(self) -> bytes:
        """uvicorn makes a new list of them, with the date, once a second."""
        listed = self.server_state.default_headers
        if self._always[0] is not listed:
            type(self)._always = (listed, b"".join(b"%b: %b\r\n" % header for header in listed))
        return self._always[1]
