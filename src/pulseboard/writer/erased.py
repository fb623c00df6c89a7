"""What must not come back: whatever persons did who were erased, and what is older than the project keeps.

Of a person only a keyed hash of each id is kept, which tells the id to nobody who has not got it already.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from pulseboard.writer.columns import Row
from pulseboard.writer.numbers import person_key

_SIZE = 16  # bytes


class Erased:
    """Thread-safe. ``key`` is a secret of the installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._until: dict[str, dict[str, float]] = {}
        self._closed: dict[str, float] = {}

    def mark(self, project_id: str, name: str) -> str:
        """What is kept of a person's name, which is as ``person_key`` makes it."""
        return blake2b(f"{project_id}\0{name}".encode(), digest_size=_SIZE, key=self._key[:64]).hexdigest()

    def learn(self, project_id: str, marks: Iterable[str], at: datetime) -> None:
        """From now on nothing passes that these persons did, or that came from them, up to a moment."""
        with self._lock:
            known = dict(self._until.get(project_id, {}))
            for mark in marks:
                known[mark] = max(at.timestamp(), known.get(mark, 0.0))
            self._until[project_id] = known

    def close(self, before: Mapping[str, float]) -> None:
        """From now on nothing passes that happened before these moments (seconds since 1970), by project."""
        self._closed = dict(before)

    def among(self, rows: Sequence[Row]) -> set[int]:
        """The places of rows that must not be stored."""
        if not self._until and not self._closed:
            return set()
        return {place for place, row in enumerate(rows) if self._too_old(row) or self._covers(row)}

    def _too_old(self, row: Row) -> bool:
        return row.timestamp < self._closed.get(row.project_id, float("-inf"))

    def _covers(self, row: Row) -> bool:
        known = self._until.get(row.project_id)
        name = person_key(row.user_id, row.anonymous_id) if known else ""
        until = known.get(self.mark(row.project_id, name)) if known and name else None
        return until is not None and min(row.timestamp, row.received_at) <= until
