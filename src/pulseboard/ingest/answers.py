"""What the doors answer over HTTP."""

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from pulseboard.errors import AppError, MethodNotAllowed, problem_document
from pulseboard.ingest.rate import Standing

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HeaderList = list[tuple[bytes, bytes]]

_encoder = msgspec.json.Encoder()
JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
ANY_ORIGIN = [(b"access-control-allow-origin", b"*")]  # a key is the credential; cookies play no part at a door
_PREFLIGHT = [
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, content-encoding, x-api-key, authorization"),
    (b"access-control-max-age", b"86400"),
]
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")


def rate_headers(standing: Standing) -> HeaderList:
    """As every limited answer carries them."""
    return [
        (b"ratelimit-limit", b"%d" % standing.limit),
        (b"ratelimit-remaining", b"%d" % standing.remaining),
        (b"ratelimit-reset", b"%d" % standing.reset),
    ]


async def answer(send: Send, status: int, body: bytes, headers: HeaderList) -> int:
    """Sends a whole answer, and says its status."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, _NO_SNIFFING, length]})
    await send({"type": "http.response.body", "body": body})
    return status


def raw_refusal(error: AppError, headers: HeaderList) -> tuple[bytes, bytes]:
    """An error's status line and the rest of its answer, where there is no ASGI to write them."""
    body = _encoder.encode(problem_document(error))
    sent = [*_refusal_headers(error, headers), *ANY_ORIGIN, _NO_SNIFFING, (b"content-length", b"%d" % len(body))]
    line = b"HTTP/1.1 %d %b\r\n" % (error.status, HTTPStatus(error.status).phrase.encode())
    return line, b"".join(b"%b: %b\r\n" % header for header in sent) + b"\r\n" + body


async def refuse(send: Send, error: AppError, headers: HeaderList) -> int:
    """Sends an error's problem document."""
    body = _encoder.encode(problem_document(error))
    return await answer(send, error.status, body, _refusal_headers(error, headers))


def _refusal_headers(error: AppError, headers: HeaderList) -> HeaderList:
    again = [] if error.retry_after is None else [(b"retry-after", b"%d" % error.retry_after)]
    return [_PROBLEM, *headers, *again]


async def other_method(method: str, send: Send, allow: HeaderList) -> int:
    """Answers a browser's question whether it may post, and refuses every other method."""
    if method == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": [*allow, *_PREFLIGHT]})
        await send({"type": "http.response.body", "body": b""})
        return 204
    return await refuse(send, MethodNotAllowed("Send POST"), [*allow, (b"allow", b"POST, OPTIONS")])
