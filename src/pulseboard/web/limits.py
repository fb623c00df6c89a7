"""How often somebody may ask: a fixed window per key, person or address, told in every limited answer."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from pulseboard.errors import TooManyRequests
from pulseboard.settings import Limits


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a caller stands; ``reset`` is in seconds from now."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As the answer carries it."""
        return [
            (b"ratelimit-limit", str(self.limit).encode()),
            (b"ratelimit-remaining", str(self.remaining).encode()),
            (b"ratelimit-reset", str(self.reset).encode()),
        ]


@dataclass(frozen=True, slots=True)
class Limiter:
    """``read`` counts by actor, ``auth`` by address."""

    strategy: FixedWindowRateLimiter
    read: RateLimitItem
    auth: RateLimitItem

    def hit(self, rate: RateLimitItem, who: str) -> tuple[Verdict, bool]:
        """Counts one request: where the caller stands, and whether it may go on."""
        allowed = self.strategy.hit(rate, who)
        stats = self.strategy.get_window_stats(rate, who)
        reset = max(0, math.ceil(stats.reset_time - time.time()))
        return Verdict(rate.amount, stats.remaining if allowed else 0, reset), allowed


def make_limiter(limits: Limits) -> Limiter:
    """A limiter that counts in this process's memory."""
    return Limiter(FixedWindowRateLimiter(MemoryStorage()), parse(limits.read), parse(limits.auth))


def too_many(verdict: Verdict) -> TooManyRequests:
    """The refusal, with when to try again."""
    return TooManyRequests(f"At most {verdict.limit} requests; try again later", retry_after=max(1, verdict.reset))
