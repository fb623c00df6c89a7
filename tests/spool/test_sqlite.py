"""The embedded spool: on disk before ``put`` returns, the same lease after a crash, a clear refusal when full."""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pulseboard.errors import Unavailable
from pulseboard.spool.base import Parcel
from pulseboard.spool.sqlite import SqliteSpool


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


@pytest.fixture
def spool(path: Path) -> Iterator[SqliteSpool]:
    spool = SqliteSpool(path, max_bytes=1 << 20)
    yield spool
    spool.close()


def bodies(spool: SqliteSpool, max_events: int = 100) -> list[bytes]:
    lease = spool.lease(max_events, 0)
    return [record.parcel.body for record in lease.records] if lease else []


def test_a_put_is_on_disk_when_it_returns(spool: SqliteSpool, path: Path) -> None:
    spool.put_now(Parcel("p", 5, 1, b"one"))
    with sqlite3.connect(path) as other:
        ((body, count),) = other.execute("SELECT body, count FROM groups").fetchall()
        assert count == 1
        assert b"one" in body


def test_many_requests_at_once_all_return_and_keep_their_order(spool: SqliteSpool) -> None:
    async def send() -> None:
        await asyncio.gather(*(spool.put(Parcel("p", n, 1, b"%03d" % n)) for n in range(500)))

    asyncio.run(send())
    assert bodies(spool, 1_000) == [b"%03d" % n for n in range(500)]


def test_a_lease_ends_before_the_record_that_would_be_too_much_but_takes_one_at_least(spool: SqliteSpool) -> None:
    for count in (7, 3, 1):
        spool.put_now(Parcel("p", 0, count, b"%d" % count))
    lease = spool.lease(5, 0)
    assert lease is not None
    assert [record.parcel.body for record in lease.records] == [b"7"]
    spool.ack(lease)
    assert bodies(spool, 3) == [b"3"]


def test_an_unacknowledged_lease_comes_again_with_its_token(spool: SqliteSpool, path: Path) -> None:
    spool.put_now(Parcel("p", 0, 1, b"one"))
    first = spool.lease(10, 0)
    spool.put_now(Parcel("p", 0, 1, b"two"))
    spool.close()
    again = SqliteSpool(path, max_bytes=1 << 20)
    second_try = again.lease(10, 0)
    assert first is not None
    assert second_try is not None
    assert (second_try, second_try.again, first.again) == (first, True, False)
    again.ack(first)
    second = again.lease(10, 0)
    assert second is not None
    assert second.token != first.token
    assert [record.parcel.body for record in second.records] == [b"two"]
    again.close()


def test_a_new_file_never_repeats_the_tokens_of_an_old_one(tmp_path: Path) -> None:
    tokens = set()
    for name in ("a.db", "b.db"):
        spool = SqliteSpool(tmp_path / name, max_bytes=1 << 20)
        spool.put_now(Parcel("p", 0, 1, b"one"))
        lease = spool.lease(10, 0)
        assert lease is not None
        tokens.add(lease.token)
        spool.close()
    assert len(tokens) == 2


def test_an_empty_spool_leases_nothing(spool: SqliteSpool) -> None:
    assert spool.lease(10, 0) is None
    spool.put_now(Parcel("p", 0, 1, b"one"))
    lease = spool.lease(10, 0)
    assert lease is not None
    spool.ack(lease)
    assert spool.lease(10, 0.05) is None


def test_the_backlog_counts_events_and_bytes_also_after_a_restart(spool: SqliteSpool, path: Path) -> None:
    spool.put_now(Parcel("p", 77, 3, b"x" * 100))
    spool.put_now(Parcel("p", 99, 2, b"x" * 50))
    before = spool.backlog()
    assert (before.events, before.oldest) == (5, 77)
    assert before.bytes >= 150
    spool.close()
    again = SqliteSpool(path, max_bytes=1 << 20)
    assert again.backlog() == before
    again.close()


def test_a_full_spool_refuses_until_there_is_room_again(path: Path) -> None:
    spool = SqliteSpool(path, max_bytes=1_000)
    spool.put_now(Parcel("p", 0, 1, b"x" * 600))
    with pytest.raises(Unavailable) as refusal:
        asyncio.run(spool.put(Parcel("p", 0, 1, b"x" * 600)))
    assert refusal.value.retry_after
    lease = spool.lease(10, 0)
    assert lease is not None
    spool.ack(lease)
    spool.put_now(Parcel("p", 0, 1, b"x" * 600))
    spool.close()


def test_a_disk_that_refuses_is_an_answer_and_not_a_silence(spool: SqliteSpool) -> None:
    spool._inserts.execute("PRAGMA max_page_count = 1")  # the engine's own way to say that the disk is full
    with pytest.raises(Unavailable):
        for _ in range(50):
            spool.put_now(Parcel("p", 0, 1, b"x" * 10_000))
    spool._inserts.execute("PRAGMA max_page_count = 1000000")
    spool.put_now(Parcel("p", 0, 1, b"after"))
    assert bodies(spool, 1_000)[-1] == b"after"


def test_a_buried_record_is_kept_with_its_reason_when_the_lease_is_gone(spool: SqliteSpool) -> None:
    spool.put_now(Parcel("p", 0, 1, b"good"))
    spool.put_now(Parcel("p", 0, 1, b"bad"))
    lease = spool.lease(10, 0)
    assert lease is not None
    spool.bury(lease.records[1], "no event")
    spool.ack(lease)
    assert spool.backlog().events == 0
    assert spool.lease(10, 0) is None
    (letter,) = spool.dead.page(10)
    assert (letter.reason, letter.bytes) == ("no event", 3)


def test_a_group_that_was_damaged_on_disk_is_handed_out_as_it_is(spool: SqliteSpool, path: Path) -> None:
    spool.put_now(Parcel("p", 0, 1, b"good"))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE groups SET body = ?", (b"\xc1damaged",))
    lease = spool.lease(10, 0)
    assert lease is not None
    (record,) = lease.records
    assert (record.sound, record.parcel) == (False, Parcel("", 0, 1, b"\xc1damaged"))


def test_a_byte_that_turned_on_disk_is_noticed_although_the_group_can_still_be_read(
    spool: SqliteSpool, path: Path
) -> None:
    spool.put_now(Parcel("p", 0, 1, b"good"))
    with sqlite3.connect(path) as other:
        (body,) = other.execute("SELECT body FROM groups").fetchone()
        other.execute("UPDATE groups SET body = ?", (body.replace(b"good", b"goad"),))
    lease = spool.lease(10, 0)
    assert lease is not None
    assert [(record.sound, record.parcel.body) for record in lease.records] == [(False, b"goad")]


def test_a_lease_is_bounded_in_bytes_too(spool: SqliteSpool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulseboard.spool.sqlite.MAX_LEASE", 2_500)
    for letter in (b"a", b"b", b"c"):
        spool.put_now(Parcel("p", 5, 1, letter * 1_000))
    assert [body[:1] for body in bodies(spool)] == [b"a", b"b"]


@pytest.mark.parametrize("bound", ["SMALL", "MOST_TOGETHER"])  # each is a group, or the turn is cut
def test_a_group_is_bounded_in_bytes(
    spool: SqliteSpool, path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr("pulseboard.spool.sqlite.MAX_GROUP", 2_500)
    monkeypatch.setattr(f"pulseboard.spool.sqlite.{bound}", 2)

    async def send() -> None:
        await asyncio.gather(*(spool.put(Parcel("p", 5, 1, b"x" * 1_000)) for _ in range(50)))

    asyncio.run(send())
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT max(count) FROM groups").fetchone()[0] <= 4


def test_the_committing_thread_outlives_whatever_goes_wrong(
    spool: SqliteSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("pulseboard.spool.sqlite._group_row", out_of_memory)
        with pytest.raises(Unavailable):
            spool.put_now(Parcel("p", 5, 1, b"one"))
    spool.put_now(Parcel("p", 5, 1, b"two"))
    assert bodies(spool) == [b"two"]


def test_the_backlog_is_told_while_the_writer_commits(spool: SqliteSpool) -> None:
    spool.put_now(Parcel("p", 7, 3, b"one"))
    with spool._reading, ThreadPoolExecutor() as others:
        assert others.submit(spool.backlog).result(5).events == 3
