"""SQLite files of our own: opened so that a commit is on disk, and errors that say which file they are about."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY = 30  # seconds to wait for another connection's commit
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(path: Path) -> sqlite3.Connection:
    """A connection for any thread, one at a time; a commit has reached the disk when it returns."""
    connection = sqlite3.connect(path, check_same_thread=False, timeout=BUSY)
    connection.text_factory = readable
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def readable(stored: bytes) -> str:
    """A stored text, whatever its bytes are: one that turned must not hide its row."""
    return stored.decode(errors="replace")


def is_sound(db: sqlite3.Connection) -> bool:
    """Whether the pages of the file hang together; takes a second for each gigabyte."""
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)])
    except sqlite3.DatabaseError as wrong:
        if is_damage(wrong):
            return False
        raise


def check(db: sqlite3.Connection) -> None:
    """
    Raises:
        sqlite3.DatabaseError: the file is damaged.
    """
    if not is_sound(db):
        wrong = sqlite3.DatabaseError("database disk image is malformed")
        wrong.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise wrong


def is_damage(error: BaseException) -> bool:
    """Whether the error says that the file's bytes are wrong, and not that disk or another process is in the way."""
    return isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


@contextmanager
def file_named(path: Path, cure: str) -> Iterator[None]:
    """Adds to an error of SQLite which file it is about and, when that one is damaged, what to do."""
    try:
        yield
    except sqlite3.Error as error:
        error.add_note(f"{path} is damaged: {cure}" if is_damage(error) else f"{path} cannot be used right now")
        raise
