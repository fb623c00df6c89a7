"""Reads a request's body within limits: before and after decompression."""

import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from pulseboard.errors import Malformed, TooLarge, WrongMediaType

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientGone(Exception):
    """The client closed the connection before its body was complete; nobody waits for an answer."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The unpacked body of a JSON request, at most ``limit`` bytes.

    Raises:
        WrongMediaType: another type, charset or encoding than JSON, UTF-8 and gzip.
        TooLarge: more than ``limit`` bytes, packed or unpacked.
        Malformed: truncated or broken gzip.
        ClientGone: the body never came.
    """
    if (content_type := headers.get(b"content-type", _JSON)) != _JSON:
        _check_type(content_type)
    if int(headers.get(b"content-length", b"0")) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes")
    if message["type"] == "http.disconnect":
        raise ClientGone
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    return body if encoding == b"identity" else _unpacked(body, encoding, limit)


_JSON = b"application/json"


def _check_type(content_type: bytes) -> None:
    media_type, _, parameters = content_type.lower().partition(b";")
    if media_type.strip() != _JSON:
        raise WrongMediaType("Send application/json")
    charset = parameters.replace(b" ", b"").replace(b'"', b"")
    if charset and charset != b"charset=utf-8":
        raise WrongMediaType("Send JSON in UTF-8")


def _unpacked(body: bytes, encoding: bytes, limit: int) -> bytes:
    if encoding != b"gzip":
        raise WrongMediaType("Send the body plain or with Content-Encoding: gzip")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise Malformed("The body is not valid gzip") from None
    if len(plain) > limit:
        raise TooLarge(f"The unpacked body is larger than {limit} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed("The gzip body is truncated")
    return plain
