"""The spool's journal: durable with one write, complete after a crash, never taken for more than it is."""

import asyncio
import os
import random
import shutil
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulseboard.errors import Unavailable
from pulseboard.spool import journal, sqlite
from pulseboard.spool.base import Parcel
from pulseboard.spool.journal import Journal
from pulseboard.spool.sqlite import SqliteSpool

SECTOR = 512
PATIENCE = 20  # seconds
SMALL = 64 * 1024


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is used from the second request on."""
    monkeypatch.setattr(sqlite, "PREPARED_AFTER", 0)


def opened(folder: Path) -> SqliteSpool:
    folder.mkdir(exist_ok=True)
    return SqliteSpool(folder / "spool.db", max_bytes=1 << 24, max_age=1 << 60)


def send(spool: SqliteSpool, first: int, count: int, *, body: bytes = b"") -> None:
    """Requests one after the other, so that each is a frame of its own; returns when all are acknowledged."""

    async def puts() -> None:
        for n in range(first, first + count):
            await spool.put(Parcel("p", n, 1, b"%04d" % n + body))

    asyncio.run(puts())


def begin(folder: Path) -> SqliteSpool:
    spool = opened(folder)
    spool.put_now(Parcel("p", 0, 1, b"0000"))
    while not spool._journal.ready:
        pass
    return spool


def power_cut(folder: Path, at: Path) -> Path:
    """The folder as it is on disk at this moment."""
    shutil.copytree(folder, at)
    return at


def numbers(spool: SqliteSpool) -> list[int]:
    lease = spool.lease(1_000_000, 0)
    return [] if lease is None else [int(record.parcel.body[:4]) for record in lease.records]


def file_in_use(folder: Path) -> Path:
    return max(
        (folder / "spool.journal.0", folder / "spool.journal.1"), key=lambda path: path.read_bytes().count(b"000")
    )


def test_what_was_acknowledged_is_there_after_a_power_cut_and_only_once(tmp_path: Path) -> None:
    spool = begin(tmp_path / "a")
    send(spool, 1, 50)
    for n, name in enumerate(("b", "c")):
        cut = power_cut(tmp_path / ("a" if n == 0 else "b"), tmp_path / name)
        again = opened(cut)  # the first one is cut off, too, after it moved what it found
        assert again.backlog().events == 51
        assert numbers(again) == list(range(51))
    spool.close()


def test_what_was_moved_is_not_moved_again(tmp_path: Path) -> None:
    spool = begin(tmp_path / "a")
    for first in (1, 11, 21):  # each turn writes over what an earlier one left in the file
        send(spool, first, 10)
        lease = spool.lease(1_000, 0)
        assert lease is not None
        spool.ack(lease)
    send(spool, 31, 3)
    assert numbers(opened(power_cut(tmp_path / "a", tmp_path / "b"))) == [31, 32, 33]
    assert spool.backlog().events == 3
    spool.close()


def test_events_and_bytes_that_wait_are_counted_once_wherever_they_are(tmp_path: Path) -> None:
    spool = begin(tmp_path)
    send(spool, 1, 20)
    before = spool.backlog()
    lease = spool.lease(1_000, 0)
    assert before.events == spool.backlog().events == 21
    assert before.oldest == spool.backlog().oldest == 0
    assert lease is not None
    spool.ack(lease)
    assert (spool.backlog().events, spool.backlog().bytes, spool.backlog().oldest) == (0, 0, None)
    spool.close()


def test_what_waits_only_in_the_journal_has_an_age(tmp_path: Path) -> None:
    spool = begin(tmp_path)
    lease = spool.lease(10, 0)
    assert lease is not None
    spool.ack(lease)
    send(spool, 7, 2)
    assert spool.backlog().oldest == 7
    spool.close()


def test_a_frame_that_was_cut_off_is_forgotten(tmp_path: Path) -> None:
    spool = begin(tmp_path / "a")
    send(spool, 1, 5)
    cut = power_cut(tmp_path / "a", tmp_path / "b")
    path = file_in_use(cut)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"0005") :] = bytes(len(data) - data.rindex(b"0005"))
    path.write_bytes(data)
    assert numbers(opened(cut)) == [0, 1, 2, 3, 4]
    spool.close()


def turned(data: bytearray, at: int) -> None:
    data[at] ^= 0x55


@pytest.mark.parametrize(
    ("spoil", "left", "sound"),
    [
        (lambda data: turned(data, data.index(b"0003")), 6, False),
        (lambda data: turned(data, data.index(b"0003") - 30), 5, True),  # in the frame's head
        (lambda data: turned(data, 3), 6, True),  # in the file's mark
    ],
)
def test_bytes_that_turn_cost_their_own_frame_and_no_other(
    tmp_path: Path, spoil: Callable[[bytearray], None], left: int, sound: bool
) -> None:
    spool = begin(tmp_path / "a")
    send(spool, 1, 5)
    cut = power_cut(tmp_path / "a", tmp_path / "b")
    path = file_in_use(cut)
    data = bytearray(path.read_bytes())
    spoil(data)
    path.write_bytes(data)
    lease = opened(cut).lease(100, 0)
    assert lease is not None
    assert len(lease.records) == left
    assert all(record.sound for record in lease.records) is sound
    spool.close()


def test_nobody_can_send_a_frame(tmp_path: Path) -> None:
    spool = begin(tmp_path / "a")
    send(spool, 1, 1)
    frame = file_in_use(tmp_path / "a").read_bytes()[8:200]
    send(spool, 2, 1, body=frame.replace(b"0001", b"6666"))
    cut = power_cut(tmp_path / "a", tmp_path / "b")
    assert numbers(opened(cut)) == [0, 1, 2]
    spool.close()


def test_a_full_journal_and_large_requests_go_to_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "Journal", partial(Journal, size=1_000))
    spool = begin(tmp_path)
    send(spool, 1, 30)
    send(spool, 31, 1, body=bytes(sqlite.SMALL))
    assert sorted(numbers(spool)) == list(range(32))
    spool.close()


def test_a_slow_disk_stops_nobody_who_does_not_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = begin(tmp_path)
    write, may_write = os.pwrite, threading.Event()

    def slow(file: int, data: bytes, at: int) -> int:
        assert may_write.wait(PATIENCE)
        return write(file, data, at)

    monkeypatch.setattr(journal.os, "pwrite", slow)

    async def puts() -> None:
        waiting = [asyncio.create_task(spool.put(Parcel("p", n, 1, b"%04d" % n))) for n in range(1, 21)]
        for _ in range(100):  # the loop goes round meanwhile
            await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        may_write.set()
        await asyncio.gather(*waiting)

    asyncio.run(puts())
    pending = spool._journal.pending()
    assert pending is not None
    assert pending.frames <= 3  # what came during a write shared the next one
    assert sorted(numbers(spool)) == list(range(21))
    spool.close()


def test_a_journal_that_cannot_be_written_is_gone_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = begin(tmp_path)

    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "pwrite", refuse)
    send(spool, 1, 5)
    monkeypatch.undo()
    assert numbers(spool) == [0, 1, 2, 3, 4, 5]
    spool.close()


def test_the_thread_outlives_what_goes_wrong_before_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = begin(tmp_path)

    def out_of_memory(_: object) -> int:
        raise MemoryError

    async def put(n: int) -> None:
        await asyncio.wait_for(spool.put(Parcel("p", n, 1, b"%04d" % n)), PATIENCE)

    with monkeypatch.context() as patched, pytest.raises(Unavailable):
        patched.setattr(sqlite, "_events", out_of_memory)
        asyncio.run(put(1))
    asyncio.run(put(2))
    assert numbers(spool) == [0, 2]
    spool.close()


def test_what_cannot_be_moved_waits_and_is_moved_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = begin(tmp_path)
    lease = spool.lease(10, 0)
    assert lease is not None
    spool.ack(lease)
    send(spool, 1, 5)

    def full(*_: object) -> None:
        raise sqlite.sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(spool, "_insert_moved", full)
        for _ in range(2):
            with pytest.raises(sqlite.sqlite3.OperationalError):
                spool.lease(10, 0)
        send(spool, 6, 2)
    assert numbers(spool) == [1, 2, 3, 4, 5]
    assert spool.backlog().events == 7
    spool.close()


def test_what_is_in_the_journal_waits_on_when_the_tables_file_is_mended(tmp_path: Path) -> None:
    spool = begin(tmp_path)
    send(spool, 1, 5)
    damage = sqlite.sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorcode = sqlite.sqlite3.SQLITE_CORRUPT
    spool._mend_after(damage)
    assert spool.backlog().events == 6
    send(spool, 6, 2)
    lease = spool.lease(100, 0)
    assert lease is not None
    assert sorted(int(record.parcel.body) for record in lease.records) == list(range(8))
    spool.ack(lease)
    assert (spool.backlog().events, spool.backlog().bytes) == (0, 0)
    spool.close()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), turns=st.lists(st.lists(st.binary(max_size=2_000), max_size=6), max_size=5))
def test_any_power_cut_leaves_what_was_acknowledged(
    tmp_path_factory: pytest.TempPathFactory, seed: int, turns: list[list[bytes]]
) -> None:
    """The last write reaches the disk sector by sector, in any order and any part of it."""
    folder = tmp_path_factory.mktemp("cut")
    chance = random.Random(seed)
    book = Journal(folder / "j", size=SMALL)
    assert book.recover(0) == []
    book.prepare()
    written: list[bytes] = []
    moved = 0
    for bodies in turns:
        if (pending := book.pending()) is not None:
            moved = pending.last
            book.moved()
        for body in bodies:
            assert book.append([Parcel("p", 0, 1, body)], 0, body, 1)
            written.append(body)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert book.append([Parcel("p", 0, 1, b"last" * 500)], 0, b"last" * 500, 1)
    for path, old in before.items():
        new = path.read_bytes()
        torn = (chance.choice((old, new))[at : at + SECTOR] for at in range(0, len(new), SECTOR))
        path.write_bytes(b"".join(torn))
    book.close()
    found = [frame.body for frame in Journal(folder / "j", size=SMALL).recover(moved)]
    assert found in (written[moved:], [*written[moved:], b"last" * 500])
    for path in before:
        path.unlink()
