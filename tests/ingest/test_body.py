"""Bodies are read within limits, packed and unpacked."""

import asyncio
import gzip
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pulseboard.errors import AppError, Malformed, TooLarge, Unavailable, WrongMediaType
from pulseboard.ingest.body import (
    MAX_WINDOW,
    ClientGone,
    Unfinished,
    WrongEncoding,
    encoding_of,
    media_type,
    read_body,
    unpacked,
)

LIMIT = 1_000
HUGE = 1024**3  # bytes that a bomb becomes, if it is let

Pack = Callable[[bytes], bytes]
PACKERS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "br": brotli.compress,
}
every_encoding = pytest.mark.parametrize("encoding", PACKERS)


def read(*chunks: bytes, **headers: str) -> bytes:
    """Reads a body that arrives in ``chunks``."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False
    given = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    media_type(given)
    encoding = encoding_of(given)
    return unpacked(asyncio.run(read_body(given, receive, LIMIT, Unfinished())), encoding, LIMIT)


def test_a_body_in_pieces_is_joined() -> None:
    assert read(b"ab", b"", b"cd") == b"abcd"


@every_encoding
def test_packed_bodies_are_unpacked(encoding: str) -> None:
    assert read(PACKERS[encoding](b"hello" * 100), content_encoding=f" {encoding.upper()} ") == b"hello" * 100
    assert unpacked(PACKERS[encoding](b"x" * LIMIT), encoding, LIMIT) == b"x" * LIMIT


def test_a_zstd_body_need_not_say_how_long_it_is() -> None:
    streaming = zstandard.ZstdCompressor(write_content_size=False)
    assert unpacked(streaming.compress(b"x" * 900), "zstd", LIMIT) == b"x" * 900


@pytest.mark.parametrize(
    ("refusal", "chunks", "headers"),
    [
        (TooLarge, [b"x"], {"content_length": "1001"}),
        (TooLarge, [b"x"], {"content_length": "9" * 5_000}),
        (TooLarge, [b"x" * 600, b"x" * 600], {}),
        (TooLarge, [b"x" * 1_001], {}),
        (Malformed, [b"x"], {"content_length": "-1"}),
        (Malformed, [b"x"], {"content_length": "one"}),
        (Malformed, [b"x"], {"content_length": ""}),
        (WrongEncoding, [zlib.compress(b"a")], {"content_encoding": "deflate"}),
        (WrongEncoding, [gzip.compress(gzip.compress(b"a"))], {"content_encoding": "gzip, gzip"}),
        (WrongMediaType, [b"{}"], {"content_type": "application/json; charset=utf-16"}),
    ],
)
def test_what_is_too_much_or_unreadable_is_refused(
    refusal: type[AppError], chunks: list[bytes], headers: dict[str, str]
) -> None:
    with pytest.raises(refusal):
        read(*chunks, **headers)


@every_encoding
def test_damaged_bodies_are_malformed(encoding: str) -> None:
    whole = PACKERS[encoding](os.urandom(500))
    for damaged in (whole[:-9], whole[:3], b"", b"plain text", whole + b"trailing", whole + whole):
        with pytest.raises(Malformed):
            unpacked(damaged, encoding, LIMIT)


@given(
    st.sampled_from(sorted(PACKERS)), st.binary(max_size=300), st.integers(0, 200), st.binary(min_size=1, max_size=3)
)
def test_what_was_changed_on_the_way_is_the_same_or_refused(
    encoding: str, plain: bytes, at: int, change: bytes
) -> None:
    whole = PACKERS[encoding](plain)
    with suppress(Malformed, TooLarge):
        assert len(unpacked(whole[:at] + change + whole[at:], encoding, LIMIT)) <= LIMIT
    assert unpacked(whole, encoding, LIMIT) == plain


def _zeros_gzip() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(HUGE // 2**20)) + packer.flush()


def _zeros_zstd() -> bytes:
    packer = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    return b"".join(packer.compress(bytes(2**20)) for _ in range(HUGE // 2**20)) + packer.flush()


def _zeros_brotli() -> bytes:
    packer = brotli.Compressor(quality=2)
    return b"".join(packer.process(bytes(2**20)) for _ in range(HUGE // 2**20)) + packer.finish()


BOMBS: dict[str, Callable[[], bytes]] = {"gzip": _zeros_gzip, "zstd": _zeros_zstd, "br": _zeros_brotli}
DEFUSE = """
import resource, sys
from pulseboard.errors import TooLarge
from pulseboard.ingest.body import unpacked
bomb = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    unpacked(bomb, sys.argv[1], 5 * 1024 * 1024)
except TooLarge:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@every_encoding
def test_a_bomb_of_a_gigabyte_costs_little_memory(encoding: str) -> None:
    bomb = BOMBS[encoding]()
    assert len(bomb) < HUGE / 500
    done = subprocess.run([sys.executable, "-c", DEFUSE, encoding], input=bomb, capture_output=True, check=True)
    grown = int(done.stdout) * (1 if sys.platform == "darwin" else 1024)
    assert grown < 50 * 1024 * 1024


def test_a_zstd_body_cannot_ask_for_more_memory_than_its_limit() -> None:
    far = zstandard.ZstdCompressionParameters(window_log=27)
    assert MAX_WINDOW < 2**27
    with pytest.raises(Malformed):
        unpacked(zstandard.ZstdCompressor(compression_params=far).compress(bytes(2**27)), "zstd", LIMIT)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ('APPLICATION/JSON;charset="UTF-8"', "application/json"),
        ("application/x-ndjson;charset=utf8", "application/x-ndjson"),
        ("text/plain;charset=UTF-8", "text/plain"),
        ("application/json; version=1", "application/json"),
    ],
)
def test_a_media_type_may_be_named_in_several_ways(content_type: str, expected: str) -> None:
    assert media_type({b"content-type": content_type.encode()}) == expected


def test_without_a_type_a_body_is_json() -> None:
    assert media_type({}) == "application/json"


def test_a_client_that_hangs_up_gets_no_answer() -> None:
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b'{"name":', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    with pytest.raises(ClientGone):
        asyncio.run(read_body({}, receive, LIMIT, Unfinished()))


def test_what_is_held_of_bodies_that_are_still_coming_is_bounded_and_let_go() -> None:
    unfinished = Unfinished(most=10)

    async def never_ending() -> dict[str, object]:
        return {"type": "http.request", "body": b"1234", "more_body": True}

    with pytest.raises(Unavailable):
        asyncio.run(read_body({}, never_ending, LIMIT, unfinished))
    unfinished.add(10)
    with pytest.raises(Unavailable):
        unfinished.add(1)
