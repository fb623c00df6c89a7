"""uvicorn's protocol with a short way for the doors: no task, no scope, one write.

Only a request is taken that is whole, plain and good; everything else goes the ordinary way as if this class were not
there, also a request that looked good and turned out not to be. docs/decisions/0008 says why.

A program sends the same head again and again, but for the number of its body's bytes. What the parser found in a head
that went the short way it would find in the same bytes again, so the next one on the connection is not parsed.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from pulseboard.web.protocol import BoundedProtocol

MOST = 64 * 1024  # bytes of body, as uvicorn buffers; a larger one is a batch, whose events cost more than the way

LEARNT = 32  # heads of a connection that are looked at; who has another one each time is not remembered
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,6})(?=\r\n)", re.IGNORECASE)

Answered = Callable[[bytes, bytes], None]  # the status line, and what follows it; both with their line ends


class Entrance(Protocol):
    """The doors behind the short way."""

    @property
    def urls(self) -> frozenset[bytes]:
        """The exact targets of requests that are known here."""

    def take(self, url: bytes, headers: Mapping[bytes, bytes], body: bytes, answered: Answered) -> bool:
        """Takes a POST and calls ``answered`` later, in the event loop; False leaves the request untouched."""


class _Known(NamedTuple):
    """A head that went the short way: its bytes before and after the digits of its length, and what they mean."""

    before: bytes
    after: bytes
    url: bytes
    headers: dict[bytes, bytes]


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
        self._known: _Known | None = None
        self._learnt = 0
        self._piece = b""  # what just came, if a request begins with it

    def connection_lost(self, exc: Exception | None) -> None:
        if self._rest_timer is not None:
            self._rest_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._known is not None and self._take_known(self._known, data):
            return
        self._piece = b"" if self._in_request else data
        super().data_received(data)
        self._piece = b""

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
            and self._is_idle()
        )

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

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
        self._wait()
        if self._piece and self._learnt < LEARNT:
            self._learn(headers)
        return True

    def _wait(self) -> None:
        self._pending.response_complete = False
        self.cycle = self._pending  # type: ignore[assignment]

    def _learn(self, headers: dict[bytes, bytes]) -> None:
        """Remembers the head that just went the short way, if nothing but its request came with it."""
        self._learnt += 1
        piece = self._piece
        head = piece.partition(b"\r\n\r\n")[0]
        found = _LENGTH.findall(head + b"\r\n")
        place = _LENGTH.search(head + b"\r\n")
        if place is None or len(found) != 1 or len(head) + 4 + int(found[0]) != len(piece):
            return
        known = {name: value for name, value in headers.items() if name != b"content-length"}
        self._known = _Known(piece[: place.start(1)], piece[place.end(1) : len(head) + 4], self.url, known)

    def _take_known(self, known: _Known, data: bytes) -> bool:
        """The same request as before with another body, all of it; False leaves it untouched."""
        if self._in_request or not data.startswith(known.before) or not self._is_idle():
            return False
        digits = len(known.before)
        after = data.find(b"\r\n", digits, digits + 8)
        body = after + len(known.after)
        length = data[digits:after]
        if not length.isdigit() or not data.startswith(known.after, after) or len(data) - body != int(length):
            return False
        if len(data) - body > MOST or not self.entrance.take(known.url, known.headers, data[body:], self._answer):
            return False
        self._unset_keepalive_if_required()
        self._wait()
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
