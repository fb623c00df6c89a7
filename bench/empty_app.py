"""The bar for single events: an ASGI app that decodes the same body, stores nothing and answers the same way.

Run as ``python -m bench.empty_app PORT``; uvicorn runs with the settings of ``pulseboard serve``.
"""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import uvicorn

Message = dict[str, Any]


class _Body(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    name: str
    type: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    timestamp: str | None = None
    id: str | None = None
    properties: dict[str, Any] | None = None


_decoder = msgspec.json.Decoder(_Body)
_ANSWER = b'{"status":"queued","id":"019aa5d1-7b7c-7d63-a8a1-4cf1d4b2a2f6"}'
_START: Message = {
    "type": "http.response.start",
    "status": 202,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_ANSWER))],
}
_END: Message = {"type": "http.response.body", "body": _ANSWER}


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Reads, decodes, answers 202."""
    if scope["type"] != "http":
        return
    _decoder.decode((await receive())["body"])
    await send(_START)
    await send(_END)


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
