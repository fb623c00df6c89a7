"""Whether the disk is quick enough for the event loop to wait for it."""

import time

QUICK = 0.002  # seconds of an append, smoothed, that the event loop waits for
REST = 1.0  # seconds until a disk that was slower is tried again
SMOOTHING = 0.1  # weight of the newest append


class Pace:
    """Learns from each append how long the next one will take."""

    def __init__(self) -> None:
        self._smoothed = 0.0
        self._again = 0.0

    def quick(self) -> bool:
        return self._smoothed <= QUICK or time.monotonic() >= self._again

    def note(self, took: float) -> None:
        """``took`` seconds for an append; the first after a rest says how things stand now."""
        rested = self._smoothed > QUICK
        self._smoothed = took if rested else self._smoothed + (took - self._smoothed) * SMOOTHING
        self._again = time.monotonic() + REST
