"""The spool's bounds: bytes and age, also when everybody comes at once."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulseboard.errors import Unavailable
from pulseboard.spool.base import Parcel
from pulseboard.spool.room import Room
from pulseboard.spool.sqlite import SqliteSpool

SECOND = 1_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


@pytest.fixture
def spool(path: Path) -> Iterator[SqliteSpool]:
    spool = SqliteSpool(path, max_bytes=1_000_000, max_age=60 * SECOND)
    yield spool
    spool.close()


def put(spool: SqliteSpool, at: int, size: int = 10) -> bool:
    try:
        spool.put_now(Parcel("p", at, 1, b"x" * size))
    except Unavailable as refusal:
        assert refusal.retry_after
        return False
    return True


def write_all(spool: SqliteSpool) -> None:
    while (lease := spool.lease(10, 0)) is not None:
        spool.ack(lease)


def test_many_large_parcels_at_once_do_not_get_past_the_limit(spool: SqliteSpool) -> None:
    async def send() -> list[BaseException | None]:
        large = [spool.put(Parcel("p", 0, 1, b"x" * 100_000)) for _ in range(50)]
        return await asyncio.gather(*large, return_exceptions=True)

    answers = asyncio.run(send())
    assert answers.count(None) == 9
    assert all(isinstance(answer, Unavailable) for answer in answers if answer is not None)
    assert spool.backlog().bytes <= 1_000_000
    write_all(spool)
    assert asyncio.run(send()).count(None) == 9


def test_many_tiny_parcels_do_not_get_past_the_limit_either(path: Path) -> None:
    spool = SqliteSpool(path, max_bytes=20_000)
    project = "0" * 36
    while True:
        try:
            spool.put_now(Parcel(project, 2**41, 1, b"", project, 2**31, 2**31))
        except Unavailable:
            break
    assert 15_000 < spool.backlog().bytes <= 20_000
    spool.close()


def test_room_that_the_disk_did_not_take_is_there_again(spool: SqliteSpool) -> None:
    spool._inserts.execute("PRAGMA max_page_count = 1")
    for _ in range(30):
        put(spool, 0, 100_000)
    spool._inserts.execute("PRAGMA max_page_count = 1000000")
    write_all(spool)
    assert put(spool, 0, 900_000)


def test_nothing_is_taken_while_what_waits_is_too_old(spool: SqliteSpool) -> None:
    assert put(spool, 0)
    assert put(spool, 60 * SECOND)
    assert not put(spool, 60 * SECOND + 1)
    write_all(spool)
    assert put(spool, 60 * SECOND + 1)


def test_the_age_is_known_after_a_restart(spool: SqliteSpool, path: Path) -> None:
    assert put(spool, 0)
    spool.close()
    again = SqliteSpool(path, max_bytes=1_000_000, max_age=60 * SECOND)
    assert not put(again, 61 * SECOND)
    again.close()


def test_the_age_is_that_of_what_waits_and_not_of_what_was_written(spool: SqliteSpool) -> None:
    for at in (0, 30, 60):
        assert put(spool, at * SECOND)
        lease = spool.lease(1, 0)
        assert lease is not None
        spool.ack(lease)
    assert put(spool, 200 * SECOND)
    assert put(spool, 201 * SECOND)
    lease = spool.lease(1, 0)
    assert lease is not None
    spool.ack(lease)
    assert spool.lease(1, 0) is not None
    assert put(spool, 261 * SECOND)
    assert not put(spool, 262 * SECOND)


def test_a_clock_that_was_set_back_refuses_nothing(spool: SqliteSpool) -> None:
    assert put(spool, 1_000_000 * SECOND)
    assert put(spool, 0)


def test_what_cannot_be_leased_now_still_waits_for_the_next_look(spool: SqliteSpool) -> None:
    put(spool, 0)
    spool._reads.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError):
        spool.lease(10, 0)
    spool._reads.execute("PRAGMA query_only = OFF")
    assert spool.lease(10, 0) is not None


def test_threads_that_reserve_at_once_share_what_there_is() -> None:
    room, refused = Room(1_000, 1), []

    def take() -> None:
        for _ in range(500):
            try:
                room.reserve(1, 0)
            except Unavailable:
                refused.append(1)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1_000
