"""A spool file whose pages were damaged: what can be read goes into a new file, the old one is kept beside it.

SQLite reads nothing that comes after a damaged page, but finds by its number what stands on sound ones. Groups and dead
letters have numbers almost without gaps, so they are asked for one by one. The new file takes the old one's place when
it is complete, in steps that can be begun again.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog

from pulseboard.kit.sqlite import is_damage, is_sound, readable

log = structlog.get_logger(__name__)

GAP = 100_000  # numbers in a row without a row: more than hang on one page of the tree
# By place and not by name: the names stand in the file too, and may have turned.
_GROUPS = "SELECT * FROM groups WHERE rowid = ?"
_LETTERS = "SELECT * FROM dead WHERE rowid = ?"
_HEADS = "SELECT received_at, count FROM groups WHERE rowid = ?"
_TABLES = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
_WHOLE = ("identity", "lease", "journal")
_KEEP = "INSERT OR IGNORE INTO dead VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LOST = """
INSERT INTO dead (seq, part, buried_at, reason, project_id, received_at, events, source, size, body)
VALUES (?, 0, ?, 'Its page on disk is damaged', '', ?, ?, '', 0, x'')
"""


def mend(path: Path, schema: str, now: int, *, known: bool = False) -> bool:
    """Leaves a sound file at ``path`` ``now`` (ms), or none where there was none; says whether it had to be made.

    ``known`` damage is not looked for: what a look at all pages does not find, an index in a wrong order for one, is
    found by who uses it.

    Raises:
        sqlite3.Error, OSError: the disk refuses; then the old file is where it was.
    """
    made = path.with_suffix(".mended")
    if not made.exists():
        if not path.exists() or (not known and _sound(path, schema)):
            return False
        _copy(path, made, schema, now)
    kept = path.with_suffix(f".damaged-{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dT%H%M%S}")
    for tail in ("-wal", "-shm", ""):  # the log first: it must never be taken for one of the new file
        piece = Path(f"{path}{tail}")
        if piece.exists():
            piece.rename(f"{kept}{tail}")
    made.rename(path)
    _sync(path.parent)
    log.error("the event queue's file was damaged; what could be read of it is in its place", kept=str(kept))
    return True


def _sound(path: Path, schema: str) -> bool:
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(":memory:")) as fresh:
        db.text_factory = readable
        if not is_sound(db):
            return False
        there = db.execute(_TABLES).fetchall()
        fresh.executescript(schema)
        return set(there) <= set(fresh.execute(_TABLES).fetchall())


def _copy(path: Path, made: Path, schema: str, now: int) -> None:
    part = path.with_suffix(".mending")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(part)) as new:
        old.text_factory = readable
        new.executescript(schema)
        with new:
            new.execute("BEGIN")
            _copy_rows(old, new, now)
    _sync(part)
    part.rename(made)
    _sync(path.parent)


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, now: int) -> None:
    for table in _WHOLE:
        row = _read(old, f"SELECT * FROM {table}")  # noqa: S608 - our own name
        if row is not None:
            new.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", row)  # noqa: S608
    last_letter = _last(old, "dead", "id")
    for id in _downwards(old, last_letter, _LETTERS):
        if (letter := _read(old, _LETTERS, id)) is not None:
            new.execute(_KEEP, [0 if value is None else value for value in letter])
    last_group = _last(old, "groups", "seq")
    for seq in _downwards(old, last_group, _HEADS, _GROUPS):
        _copy_group(old, new, seq, now)
    for table, last in (("groups", last_group), ("dead", last_letter)):  # numbers that were used never come again
        new.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        new.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))


def _copy_group(old: sqlite3.Connection, new: sqlite3.Connection, seq: int, now: int) -> None:
    group = _read(old, _GROUPS, seq)
    if group is not None and isinstance(group[-1], bytes) and all(isinstance(number, int) for number in group[1:-1]):
        new.execute("INSERT INTO groups VALUES (?, ?, ?, ?, ?)", (seq, *group[1:]))
        return
    head = _read(old, _HEADS, seq) or (0, 0)
    new.execute(_LOST, (seq, now, *(number if isinstance(number, int) else 0 for number in head)))


def _downwards(old: sqlite3.Connection, last: int, *looks: str) -> Iterator[int]:
    """The numbers from the last one down at which there is a row, or at least its beginning."""
    seq, misses = last, 0
    while seq > 0 and misses < GAP:
        there = any(_read(old, look, seq) is not None for look in looks)
        misses = 0 if there else misses + 1
        if there:
            yield seq
        seq -= 1


def _last(old: sqlite3.Connection, table: str, key: str) -> int:
    """The last number that was given, by whichever of the two places that know can still be read."""
    noted = _read(old, "SELECT seq FROM sqlite_sequence WHERE name = ?", table)
    found = _read(old, f"SELECT max({key}) FROM {table}")  # noqa: S608 - our own names
    return max((row[0] for row in (noted, found) if row is not None and isinstance(row[0], int)), default=0)


def _read(old: sqlite3.Connection, look: str, *values: object) -> tuple[object, ...] | None:
    """One row; None where there is none, and where there is one that cannot be read or asked for."""
    try:
        row: tuple[object, ...] | None = old.execute(look, values).fetchone()
    except sqlite3.DatabaseError as wrong:
        if is_damage(wrong) or wrong.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            return None
        raise
    return row


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
