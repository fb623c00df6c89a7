"""How often somebody may send: a sliding window, estimated from two fixed ones.

The estimate weighs the last window by the part of it that the sliding one still covers, as the limits library's sliding
window counter does. It is counted here because that library's storage in memory takes a lock and, now and then, starts
a thread: 10 us of the 45 that an event may cost (docs/benchmarks.md).
"""

import time
from collections.abc import Callable

import msgspec
from limits import RateLimitItem

MOST = 100_000  # senders that are remembered; senders can be invented, memory cannot


class Standing(msgspec.Struct, frozen=True, gc=False):
    """Where a sender stands; ``reset`` is in seconds from now, at least 1."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


def rate_headers(standing: Standing) -> list[tuple[bytes, bytes]]:
    """As every limited answer carries them."""
    return [
        (b"ratelimit-limit", b"%d" % standing.limit),
        (b"ratelimit-remaining", b"%d" % standing.remaining),
        (b"ratelimit-reset", b"%d" % standing.reset),
    ]


class _Window:
    """Changed in place: it is looked at with every request."""

    __slots__ = ("before", "hits", "number")

    def __init__(self, number: int, before: int) -> None:
        self.number = number
        self.hits = 0
        self.before = before


class Rate:
    """Counts requests by sender. ``monotonic`` counts seconds and never jumps back."""

    def __init__(self, rate: RateLimitItem, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._amount = rate.amount
        self._length = rate.get_expiry()  # seconds
        self._monotonic = monotonic
        self._windows: dict[str, _Window] = {}

    def hit(self, who: str) -> Standing:
        """Counts one request, unless the sender has used up the window: then it is not counted, and not allowed."""
        elapsed = self._monotonic() / self._length
        number = int(elapsed)
        passed = elapsed - number
        window = self._windows.get(who)
        if window is None or window.number != number:
            window = self._windows[who] = self._begin(number, window)
        used = window.hits + int(window.before * (1 - passed))
        reset = int(self._length * (1 - passed)) + 1
        if used >= self._amount:
            return Standing(False, self._amount, 0, reset)
        window.hits += 1
        return Standing(True, self._amount, self._amount - used - 1, reset)

    def _begin(self, number: int, last: _Window | None) -> _Window:
        if len(self._windows) >= MOST:
            self._windows = {name: old for name, old in self._windows.items() if old.number >= number - 1}
            if len(self._windows) >= MOST:
                self._windows.clear()
        before = last.hits if last is not None and last.number == number - 1 else 0
        return _Window(number, before)
