"""Who may bring events, and how often: key -> grant -> rate."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItem

from pulseboard.errors import TooManyRequests, Unauthenticated


class Grant(Protocol):
    """What a key allows; ``projects.grants.Grant`` is one."""

    @property
    def key_id(self) -> str: ...
    @property
    def project_id(self) -> str: ...


class Grants(Protocol):
    """Key -> grant: a dictionary look-up, and the slow way behind it."""

    def cached(self, key: str) -> Grant | None: ...
    def load(self, key: str) -> Grant | None: ...
    def touch(self, key_id: str) -> None: ...


Headers = Mapping[bytes, bytes]
RateHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Admission:
    """A request that may go on, and the headers that tell its sender how many more may follow."""

    grant: Grant
    headers: RateHeaders
    allowed: bool
    reset: int  # seconds until the window turns over


class Gate:
    """Admits requests. ``monotonic`` counts seconds and never jumps back.

    Requests are counted in fixed windows, here and not by the limits library: its storage in memory takes a lock and
    a timer thread, 10 us of the 45 that a request may cost (docs/benchmarks.md).
    """

    def __init__(self, grants: Grants, rate: RateLimitItem, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._grants = grants
        self._amount = rate.amount
        self._window = rate.get_expiry()  # seconds
        self._monotonic = monotonic
        self._windows: dict[str, tuple[int, float]] = {}  # key id -> requests, and when the window ends
        self._limit_header = (b"ratelimit-limit", str(rate.amount).encode())

    async def admit(self, headers: Headers) -> Admission:
        """The admission of a request by its key.

        Raises:
            Unauthenticated: no key, or one that is unknown, revoked or of a deleted project.
        """
        key = key_of(headers)
        grant = self._grants.cached(key) or await asyncio.to_thread(self._grants.load, key)
        if grant is None:
            raise Unauthenticated("The API key is unknown or revoked")
        self._grants.touch(grant.key_id)
        return self._admission(grant)

    def _admission(self, grant: Grant) -> Admission:
        now = self._monotonic()
        count, ends = self._windows.get(grant.key_id, (0, 0.0))
        if now >= ends:
            count, ends = 0, now + self._window
        count += 1
        self._windows[grant.key_id] = (count, ends)
        reset = math.ceil(ends - now)
        headers = [
            self._limit_header,
            (b"ratelimit-remaining", b"%d" % max(0, self._amount - count)),
            (b"ratelimit-reset", b"%d" % reset),
        ]
        return Admission(grant, headers, count <= self._amount, reset)


def key_of(headers: Headers) -> str:
    """The API key of a request: ``x-api-key``, or ``Authorization`` as ``Bearer`` or ``Api-Key``.

    Raises:
        Unauthenticated: there is none.
    """
    if key := headers.get(b"x-api-key"):
        return key.decode("latin-1")
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    if key and scheme.lower() in (b"bearer", b"api-key"):
        return key.strip().decode("latin-1")
    raise Unauthenticated("An API key is needed, in the x-api-key header")


def too_many(admission: Admission) -> TooManyRequests:
    return TooManyRequests("This key sends too often", retry_after=max(1, admission.reset))
