"""Refused events are counted by project, day and reason, and shown to their owner.

The reason is the refusing error's type word. Counting happens in memory on the request's path; a sink (given by
``app.py``) makes the sums durable every second or so. Sums that were not yet written when the process is killed are
lost: they count what was refused, never what was taken.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

Sink = Callable[[dict[tuple[str, date, str], int]], None]


class Drops:
    """Thread-safe sums of refused events, waiting for the sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._sums: Counter[tuple[str, date, str]] = Counter()

    def count(self, project_id: str, reason: str, now: datetime, events: int = 1) -> None:
        with self._lock:
            self._sums[project_id, now.date(), reason] += events

    def flush(self) -> None:
        """Hands the sums to the sink; they are kept when it fails."""
        with self._lock:
            sums, self._sums = self._sums, Counter()
        if not sums:
            return
        try:
            self._sink(dict(sums))
        except Exception:
            with self._lock:
                self._sums.update(sums)
            raise
