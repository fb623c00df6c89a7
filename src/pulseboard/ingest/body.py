"""Reads a request's body within limits: as it comes, and as it is unpacked."""

import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import brotli  # type: ignore[import-untyped]
import zstandard

from pulseboard.errors import Malformed, TooLarge, Unavailable, WrongMediaType

Headers = Mapping[bytes, bytes]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

JSON = "application/json"
ENCODINGS = "gzip, zstd, br"
MAX_UNFINISHED = 64 * 1024 * 1024  # bytes; anybody with a public key can begin a thousand bodies and end none
MAX_WINDOW = 8 * 1024 * 1024  # bytes a packed body may make us look back; RFC 9659 allows zstd no more
_PIECE = 256  # bytes of zstd unpacked at a time: at most 64 blocks of 128 KiB
_CHARSETS = ("utf-8", "utf8")


class ClientGone(Exception):
    """The client closed the connection before its body was complete; nobody waits for an answer."""


class WrongEncoding(WrongMediaType):
    """The body is packed in a way that is not taken; the answer's ``Accept-Encoding`` says which ways are."""


def media_type(headers: Headers) -> str:
    """What a body is by its header, in lower case; without one it is JSON.

    Raises:
        WrongMediaType: it is not in UTF-8.
    """
    kind, *parameters = headers.get(b"content-type", b"").decode("latin-1").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in _CHARSETS:
            raise WrongMediaType("Send the body in UTF-8")
    return kind.strip() or JSON


def encoding_of(headers: Headers) -> str:
    """How a body is packed; empty when it is not.

    Raises:
        WrongEncoding: in a way that is not taken, or in several ways one after the other.
    """
    encoding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if encoding in ("", "identity"):
        return ""
    if encoding not in _UNPACKERS:
        raise WrongEncoding(f"Send the body plain or packed once, with one of {ENCODINGS}")
    return encoding


class Unfinished:
    """How much of bodies that are still coming is held, of all requests together."""

    def __init__(self, most: int = MAX_UNFINISHED) -> None:
        self._most = most
        self._bytes = 0

    def add(self, size: int) -> None:
        """
        Raises:
            Unavailable: there is no room for more.
        """
        if self._bytes + size > self._most:
            raise Unavailable("Too many large requests come at once; send again", retry_after=1)
        self._bytes += size

    def remove(self, size: int) -> None:
        """They are whole, or given up."""
        self._bytes -= size


async def read_body(headers: Headers, receive: Receive, limit: int, unfinished: Unfinished) -> bytes:
    """A request's body as it comes, at most ``limit`` bytes.

    Raises:
        TooLarge: more than ``limit`` bytes.
        Unavailable: it comes in pieces, and too much of others does, too.
        Malformed: its length is no number.
        ClientGone: it never came.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise Malformed("The Content-Length header is no number")
    size, chunks, more = 0, [], True
    too_large = TooLarge(f"The body is larger than {limit} bytes")
    if len(length) > _DIGITS or int(length) > limit:
        raise too_large
    held = 0
    try:
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk: bytes = message.get("body", b"")
            more = bool(message.get("more_body"))
            size += len(chunk)
            if size > limit:
                raise too_large
            chunks.append(chunk)
            if more:
                unfinished.add(len(chunk))
                held += len(chunk)
        return b"".join(chunks)
    finally:
        unfinished.remove(held)


_DIGITS = 20  # Python turns no text of thousands of digits into a number


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A body that ``encoding_of`` says how it is packed; unpacking ends at ``limit`` bytes, whatever it would become.

    Raises:
        TooLarge: it has more than ``limit`` bytes.
        Malformed: it is damaged, truncated, or something follows it.
    """
    if not encoding:
        return body
    try:
        plain, whole = _UNPACKERS[encoding](body, limit)
    except (zlib.error, zstandard.ZstdError, brotli.error):
        raise Malformed(f"The body is not valid {encoding}") from None
    if len(plain) > limit:
        raise TooLarge(f"The unpacked body is larger than {limit} bytes")
    if not whole:
        raise Malformed(f"The {encoding} body is truncated, or something follows it")
    return plain


def _gunzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(wbits=31)
    plain = unpacker.decompress(body, limit + 1)
    return plain, unpacker.eof and not unpacker.unused_data


def _unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    """In small pieces, because the library says nothing of an end that is missing when it is given a limit."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()
    plain, size = [], 0
    for at in range(0, len(body), _PIECE):
        plain.append(unpacker.decompress(body[at : at + _PIECE]))
        size += len(plain[-1])
        if unpacker.eof or size > limit:
            return b"".join(plain), at + _PIECE >= len(body) and not unpacker.unused_data
    return b"".join(plain), False


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    plain = unpacker.process(body, output_buffer_limit=limit + 1)
    return plain, unpacker.is_finished()


_UNPACKERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "zstd": _unzstd,
    "br": _unbrotli,
}
