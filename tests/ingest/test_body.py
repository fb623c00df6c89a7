"""Bodies are read within limits, packed and unpacked."""

import asyncio
import gzip
import zlib
from typing import Any

import pytest

from pulseboard.errors import AppError, Malformed, TooLarge, WrongMediaType
from pulseboard.ingest.body import ClientGone, read_body

LIMIT = 1_000


def read(*chunks: bytes, **headers: str) -> bytes:
    """Reads a body that arrives in ``chunks``."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False
    packed = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    return asyncio.run(read_body(packed, receive, LIMIT))


def test_a_body_in_pieces_is_joined() -> None:
    assert read(b"ab", b"", b"cd") == b"abcd"


def test_gzip_is_unpacked() -> None:
    assert read(gzip.compress(b"hello"), content_encoding="gzip") == b"hello"


@pytest.mark.parametrize(
    ("refusal", "chunks", "headers"),
    [
        (TooLarge, [b"x"], {"content_length": "1001"}),
        (TooLarge, [b"x" * 600, b"x" * 600], {}),
        (TooLarge, [b"x" * 1_001], {}),
        (TooLarge, [gzip.compress(b"0" * 10_000_000)[:1_000]], {"content_encoding": "gzip"}),
        (Malformed, [gzip.compress(b"hello" * 50)[:-9]], {"content_encoding": "gzip"}),
        (Malformed, [gzip.compress(b"a") + b"trailing"], {"content_encoding": "gzip"}),
        (Malformed, [b"plain"], {"content_encoding": "gzip"}),
        (WrongMediaType, [zlib.compress(b"a")], {"content_encoding": "deflate"}),
        (WrongMediaType, [b"{}"], {"content_type": "text/plain"}),
        (WrongMediaType, [b"{}"], {"content_type": "application/json; charset=utf-16"}),
    ],
)
def test_what_is_too_much_or_unreadable_is_refused(
    refusal: type[AppError], chunks: list[bytes], headers: dict[str, str]
) -> None:
    with pytest.raises(refusal):
        read(*chunks, **headers)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'])
def test_json_in_utf_8_may_be_named_in_several_ways(content_type: str) -> None:
    assert read(b"{}", content_type=content_type) == b"{}"


def test_a_client_that_hangs_up_gets_no_answer() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientGone):
        asyncio.run(read_body({}, receive, LIMIT))
