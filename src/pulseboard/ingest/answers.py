"""What the doors answer over HTTP."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from pulseboard.errors import AppError, MethodNotAllowed, problem_document
from pulseboard.ingest.body import ENCODINGS, WrongEncoding

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HeaderList = list[tuple[bytes, bytes]]

_encoder = msgspec.json.Encoder()
JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
ANY_ORIGIN = [(b"access-control-allow-origin", b"*")]  # a key is the credential; cookies play no part at a door
BY_ORIGIN = [(b"vary", b"origin")]  # the answer is another for another page
_PREFLIGHT = [
    (b"access-control-allow-headers", b"content-type, content-encoding, x-api-key, authorization"),
    (b"access-control-max-age", b"86400"),
]
# The smallest picture that every browser shows: transparent, 1 x 1.
_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PICTURE = [
    (b"content-type", b"image/gif"),
    (b"cache-control", b"no-store"),  # every view is one request
    (b"cross-origin-resource-policy", b"cross-origin"),  # also for pages that isolate themselves
]
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")


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
    packings = [(b"accept-encoding", ENCODINGS.encode())] if isinstance(error, WrongEncoding) else []
    scheme = [(b"www-authenticate", b"Bearer")] if error.status == HTTPStatus.UNAUTHORIZED else []
    return [_PROBLEM, *headers, *again, *packings, *scheme]


def to_origin(origin: bytes) -> HeaderList:
    """Lets the pages of one origin read the answer.

    With credentials, because ``navigator.sendBeacon`` always sends them and browsers complain otherwise. It lets nobody
    do more: no door looks at a cookie, and what a door answers says nothing about the person who visits.
    """
    return [(b"access-control-allow-origin", origin), (b"access-control-allow-credentials", b"true")]


async def picture(send: Send, status: int, headers: HeaderList) -> int:
    """Sends the pixel; browsers show it whatever the status is."""
    return await answer(send, status, _GIF, [*_PICTURE, *headers])


async def preflight(send: Send, methods: str, allow: HeaderList) -> int:
    """Answers a browser's question whether it may send."""
    methods_allowed = (b"access-control-allow-methods", methods.encode())
    await send({"type": "http.response.start", "status": 204, "headers": [*allow, methods_allowed, *_PREFLIGHT]})
    await send({"type": "http.response.body", "body": b""})
    return 204


async def wrong_method(send: Send, methods: str, allow: HeaderList) -> int:
    """Refuses a method that a door does not answer."""
    error = MethodNotAllowed(f"Send {methods.partition(',')[0]}")
    return await refuse(send, error, [*allow, (b"allow", f"{methods}, OPTIONS".encode())])
