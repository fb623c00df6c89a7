"""The salts of visitors' hashes: one for each UTC day, forgotten when its day is written.

Who has the day's salt can try all addresses until the hash fits; once it is gone, nobody can, and the same visitor is
another one the next day. It is kept on disk until then, because a restart must not make everybody a new visitor, and
until every event of the day has left the spool, because one that arrived before midnight may be written long after.
"""

import os
import secrets
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path

DAY = 86_400_000  # ms
GRACE = timedelta(minutes=10)  # between a request's arrival and its place in the spool
_SALT = 32  # bytes


class Salts:
    """The salts, in an SQLite file of their own. Thread-safe: the writer asks, and a chore forgets."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, bytes] = {}
        # The mode is given at creation: between that and a chmod the file would be readable.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA synchronous=FULL")  # a salt that is used but lost would split the day's visitors
        self._db.execute("PRAGMA secure_delete=ON")  # forgotten means that the file holds it no more
        self._db.execute("CREATE TABLE IF NOT EXISTS salts (day INTEGER PRIMARY KEY, salt BLOB NOT NULL)")

    def of(self, moment: int) -> bytes:
        """The salt of the UTC day of ``moment`` (ms since 1970), made and on disk at its first use."""
        day = moment // DAY
        return self._known.get(day) or self._load(day)

    def forget(self, written: datetime) -> None:
        """Deletes the salts of days that were over, with some grace, at ``written``: what came before is stored."""
        day = int((written - GRACE).timestamp() * 1000) // DAY
        with self._lock:
            if self._db.execute("SELECT 1 FROM salts WHERE day < ?", (day,)).fetchone() is not None:
                with self._db:
                    self._db.execute("DELETE FROM salts WHERE day < ?", (day,))
            self._known = {each: salt for each, salt in self._known.items() if each >= day}

    def close(self) -> None:
        self._db.close()

    def _load(self, day: int) -> bytes:
        with self._lock:
            with self._db:
                self._db.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(_SALT)))
            salt: bytes = self._db.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()[0]
            self._known[day] = salt
            return salt
