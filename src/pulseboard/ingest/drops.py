"""Refused events are counted by project, source, hour and reason, and shown to their owner.

The reason is the refusing error's type word. Counting happens in memory on the request's path; a sink (given by
``app.py``) makes the sums durable every second or so. Sums that were not yet written when the process is killed are
lost: they count what was refused, never what was taken.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping

from pulseboard.kit.periods import hour_of
from pulseboard.ledger import Refusal

SCHEMA_WARNING = "schema-warning"  # counts events that were taken although they do not fit; ``detail`` is their name
Sink = Callable[[Mapping[Refusal, int]], None]


class Drops:
    """Thread-safe sums of refused events, waiting for the sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._sums: Counter[Refusal] = Counter()

    def count(self, project_id: str, source: str, reason: str, at: int, *, detail: str = "", events: int = 1) -> None:
        """Counts events refused ``at`` (ms since 1970); ``detail`` says more, such as an event's name."""
        with self._lock:
            self._sums[Refusal(project_id, source, hour_of(at), reason, detail)] += events

    def flush(self) -> None:
        """Hands the sums to the sink; they are kept when it fails."""
        with self._lock:
            sums, self._sums = self._sums, Counter()
        if not sums:
            return
        try:
            self._sink(sums)
        except Exception:
            with self._lock:
                self._sums.update(sums)
            raise
