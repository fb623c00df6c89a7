"""How much waits in a spool, counted in memory, and whether more may come: asked by every request, so it costs nothing.

Room is reserved before a parcel is queued: many large ones at once would otherwise all see the room that is left for
one of them.
"""

import threading

from pulseboard.errors import Unavailable

RETRY_AFTER = 10  # seconds
FULL = "The event queue is full; send again later"
STALE = "Events wait too long to be stored; send again later"


class Room:
    """``max_bytes`` may wait, and nothing for longer than ``max_age`` (ms). Thread-safe.

    ``oldest`` is when the oldest waiting parcel came, as far as is known: it is learnt at every look of the writer, and
    forgotten when a batch is done, so it is at most a look of the writer behind.
    """

    def __init__(self, max_bytes: int, max_age: int) -> None:
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._lock = threading.Lock()
        self._reserved = 0
        self.events = 0
        self.bytes = 0
        self.oldest: int | None = None

    def measure(self, events: int, size: int, oldest: int | None) -> None:
        """What really waits."""
        with self._lock:
            self.events, self.bytes, self.oldest = events, size, oldest

    def reserve(self, size: int, at: int) -> None:
        """Keeps ``size`` bytes for what comes ``at`` (ms since 1970).

        Raises:
            Unavailable: there is no room, or what waits is too old.
        """
        with self._lock:
            if self.bytes + self._reserved + size > self._max_bytes:
                raise Unavailable(FULL, retry_after=RETRY_AFTER)
            if self.oldest is not None and at - self.oldest > self._max_age:
                raise Unavailable(STALE, retry_after=RETRY_AFTER)
            self._reserved += size

    def give_back(self, size: int) -> None:
        """What was reserved and is not used."""
        with self._lock:
            self._reserved -= size

    def fill(self, reserved: int, events: int, size: int, at: int) -> None:
        """Turns a reservation into ``events`` that wait since ``at``, and really take ``size`` bytes."""
        with self._lock:
            self._reserved -= reserved
            self.events += events
            self.bytes += size
            if self.oldest is None:
                self.oldest = at

    def empty(self, events: int, size: int) -> None:
        """What waited is done."""
        with self._lock:
            self.events -= events
            self.bytes -= size
            self.oldest = None
