"""uvicorn's protocol with bounds that its parser does not know: on a request's head, and on the time it may take."""

import re
from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A proxy's headers are some KiB. The last chunk of a head may carry the beginning of a body, which is counted with it.
MAX_HEAD = 1024 * 1024  # bytes
# Java's client offers HTTP/2 with its first request on every plain connection, and the parser lets go of the body of a
# request that offers anything. Whoever does not take the offer ignores the header (RFC 9110, 7.8).
_OFFER = re.compile(rb"\r\nupgrade:[ \t]*h2c[ \t]*(?=\r\n)", re.IGNORECASE)
PATIENCE = 120  # seconds from a request's first byte to its last, and from connecting to the first byte


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a head of more than ``MAX_HEAD`` bytes, and closes connections whose requests do not come to an end.

    A request that comes in one piece, as nearly all do, sets no timer.
    """

    patience = PATIENCE
    _is_new = True
    _in_head = False
    _in_request = False
    _head = 0  # bytes of the unfinished head, without the first chunk
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 -- as uvicorn has it
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self.patience, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_new:
            self._is_new = False
            head, end, body = data.partition(b"\r\n\r\n")
            data = _OFFER.sub(b"", head + end[:2]) + end[2:] + body
        if self._in_head:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self._in_head = False
                self.send_400_response("The request's headers are too large.")
                return
        super().data_received(data)
        if self._in_request and self._deadline is None:
            self._deadline = self.loop.call_later(self.patience, self._give_up)

    def on_message_begin(self) -> None:
        self._in_head, self._in_request, self._head = True, True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_request = False
        self._forget_deadline()
        super().on_message_complete()

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
