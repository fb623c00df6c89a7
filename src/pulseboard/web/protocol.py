"""uvicorn's protocol with a bound on what stands before a request's body: the parser itself knows none."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A proxy's headers are some KiB. The last chunk of a head may carry the beginning of a body, which is counted with it.
MAX_HEAD = 1024 * 1024  # bytes


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a head of more than ``MAX_HEAD`` bytes and closes the connection."""

    _in_head = False
    _head = 0  # bytes of the unfinished head, without the first chunk

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head += len(data)
            if self._head > MAX_HEAD:
                self._in_head = False
                self.send_400_response("The request's headers are too large.")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()
