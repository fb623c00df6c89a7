"""Bytes of the file that turned: the spool opens, everything on sound pages goes on, nothing false comes out."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulseboard.errors import Unavailable
from pulseboard.spool import mend as mending
from pulseboard.spool import sqlite
from pulseboard.spool.base import Parcel
from pulseboard.spool.mend import mend
from pulseboard.spool.sqlite import SCHEMA, SqliteSpool

PAGE = 4096
GROUPS = 400


def opened(path: Path) -> SqliteSpool:
    return SqliteSpool(path, max_bytes=1 << 30)


def parcels(count: int = GROUPS) -> list[Parcel]:
    dice = random.Random(7)
    return [Parcel("p", n + 1, 1, b"%06d" % n + dice.randbytes(dice.choice((50, 900, 9_000)))) for n in range(count)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed file with groups that wait, a lease and a dead letter."""
    path = tmp_path_factory.mktemp("whole") / "spool.db"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite, "PREPARED_AFTER", 10 * GROUPS)  # each is a row of its own
        spool = opened(path)
        spool.put_now(Parcel("p", 1, 1, b"bad"))
        lease = spool.lease(1, 0)
        assert lease is not None
        spool.bury(lease.records[0], "reason")
        spool.ack(lease)
        for parcel in parcels():
            spool.put_now(parcel)
        assert spool.lease(10, 0) is not None
        spool.close()
    return path


@pytest.fixture
def whole(file: Path) -> bytes:
    return file.read_bytes()


def taken(spool: SqliteSpool, tries: int = 3) -> tuple[list[Parcel], int]:
    """What is handed out as sound, and how much was put aside; damage that shows meanwhile is met by another try."""
    sound: dict[tuple[int, int], Parcel] = {}
    while True:
        try:
            lease = spool.lease(50, 0)
            if lease is None:
                return list(sound.values()), spool.dead.count()
            for record in lease.records:
                if record.sound:
                    sound[record.seq, record.part] = record.parcel
                else:
                    spool.bury(record, "turned")
            spool.ack(lease)
        except sqlite3.DatabaseError:
            tries -= 1
            if not tries:
                raise


def put(spool: SqliteSpool, parcel: Parcel) -> None:
    try:
        spool.put_now(parcel)
    except Unavailable:
        spool.put_now(parcel)


def pages_of(content: bytes, kind: int) -> list[int]:
    """Where the pages of a kind begin: 13 holds rows, 5 leads to them."""
    return [at for at in range(PAGE, len(content), PAGE) if content[at] == kind]


def damage(content: bytes, at: int, bytes_: bytes) -> bytes:
    return content[:at] + bytes_ + content[at + len(bytes_) :]


def test_a_text_that_turned_into_no_unicode_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    spool = opened(path)
    spool.put_now(Parcel("project", 1, 1, b"body"))
    with closing(sqlite3.connect(path)) as db, db:
        (body,) = db.execute("SELECT body FROM groups").fetchone()
        db.execute("UPDATE groups SET body = ?", (body.replace(b"project", b"pro\xffect"),))
    assert taken(spool) == ([], 1)
    spool.close()


def test_a_sound_file_is_left_alone(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(whole)
    assert not mend(path, SCHEMA, 0)
    assert path.read_bytes() == whole
    assert not mend(tmp_path / "none.db", SCHEMA, 0)


def test_what_stands_behind_a_damaged_page_is_read(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    leaf = pages_of(whole, 13)[len(pages_of(whole, 13)) // 2]
    path.write_bytes(damage(whole, leaf, b"\xff" * PAGE))
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.DatabaseError, match="malformed"):
        db.execute("SELECT sum(length(body)) FROM groups").fetchone()
    spool = opened(path)
    found, _ = taken(spool)
    assert GROUPS - 40 < len(found) < GROUPS
    assert set(found) < set(parcels())
    spool.close()
    (kept,) = tmp_path.glob("spool.damaged-*")
    assert kept.stat().st_size == len(whole)


def test_a_group_whose_body_is_lost_is_a_dead_letter_without_one(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    content = whole
    tails = [at for at in range(PAGE, len(whole), PAGE) if whole[at] == 0 and whole[at + 4 : at + 4_000].strip(b"\0")]
    for at in tails[:20]:
        content = damage(content, at, b"\xff\xff\xff\xff")  # where the rest of a large body stands
    path.write_bytes(content)
    spool = opened(path)
    found, aside = taken(spool)
    assert aside > 1
    assert len(found) + aside == GROUPS + 1
    assert any("damaged" in letter.reason for letter in spool.dead.page(100))
    spool.close()


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), turns=st.integers(1, 4))
def test_whatever_byte_turns_nothing_false_or_twice_comes_out(
    file: Path, tmp_path_factory: pytest.TempPathFactory, seed: int, turns: int
) -> None:
    dice = random.Random(seed)
    content = bytearray(file.read_bytes())
    for _ in range(turns):
        at = dice.randrange(len(content))
        content[at] ^= 1 << dice.randrange(8)
    path = tmp_path_factory.mktemp("turned") / "spool.db"
    path.write_bytes(bytes(content))
    spool = opened(path)
    found, _ = taken(spool)
    put(spool, Parcel("p", 1, 1, b"new"))
    after, _ = taken(spool)
    spool.close()
    assert len(found) == len(set(found))
    assert set(found) <= set(parcels())
    assert [parcel.body for parcel in after] == [b"new"]


def test_a_file_that_is_damaged_while_it_is_used_is_mended_by_the_next_try(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    spool = opened(path)
    for parcel in parcels(200):
        spool.put_now(parcel)
    spool._reads.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    leaf = pages_of(path.read_bytes(), 13)[10]
    with path.open("r+b") as file:
        file.seek(leaf)
        file.write(b"\xff" * PAGE)
    for connection in (spool._reads, spool._inserts, spool._looks):
        connection.execute("PRAGMA shrink_memory")
    spool.put_now(Parcel("p", 300, 1, b"new"))
    with pytest.raises(sqlite3.DatabaseError):
        taken(spool, tries=1)
    found, _ = taken(spool, tries=1)
    assert 100 < len(found) < 201
    assert found[-1].body == b"new"
    assert spool.backlog() == opened(path).backlog()
    spool.close()


@pytest.mark.parametrize("broken", ["_sync", "_copy_rows"])
def test_mending_that_is_cut_off_is_begun_again(
    whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(damage(whole, pages_of(whole, 13)[-3], b"\xff" * PAGE))
    real: Callable[..., None] = getattr(mending, broken)
    for dies_at in range(1, 5):
        calls = []

        def dying(
            *given: object, real: Callable[..., None] = real, calls: list[int] = calls, at: int = dies_at
        ) -> None:
            calls.append(1)
            real(*given)
            if len(calls) == at:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(mending, broken, dying)
            try:
                mend(path, SCHEMA, 0)
            except KeyboardInterrupt:
                continue
            break
    spool = opened(path)
    assert GROUPS - 40 < len(taken(spool)[0]) < GROUPS
    spool.close()


def test_a_cut_between_the_renames_leaves_nothing_behind_that_is_taken_for_another(
    whole: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(b"damaged")
    Path(f"{path}-wal").write_bytes(b"its log")
    (tmp_path / "spool.mended").write_bytes(whole)
    spool = opened(path)
    assert len(taken(spool)[0]) == GROUPS
    spool.close()
    assert {piece.read_bytes() for piece in tmp_path.glob("spool.damaged-*")} == {b"damaged", b"its log"}


def test_numbers_never_come_again_although_all_rows_are_lost(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    content = whole
    for at in pages_of(whole, 13) + pages_of(whole, 5):
        if b"spool" not in content[at : at + PAGE] and b"groups" not in content[at : at + PAGE]:
            content = damage(content, at, b"\xff" * 8)
    path.write_bytes(content)
    spool = opened(path)
    assert taken(spool)[0] == []
    spool.put_now(Parcel("p", 1, 1, b"new"))
    lease = spool.lease(10, 0)
    assert lease is not None
    assert lease.records[0].seq > GROUPS
    spool.close()
