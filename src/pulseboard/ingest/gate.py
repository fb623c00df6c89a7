"""Who may bring events, and how often: key -> grant -> rate."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from limits import RateLimitItem
from limits.storage import MemoryStorage

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
    """Admits requests. The limiter's storage is the limits library's; a fixed window needs one count per request."""

    def __init__(self, grants: Grants, rate: RateLimitItem, clock: Callable[[], datetime]) -> None:
        self._grants = grants
        self._rate = rate
        self._clock = clock
        self._storage = MemoryStorage()
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
        bucket = self._rate.key_for(grant.key_id)
        count = self._storage.incr(bucket, self._rate.get_expiry())
        reset = max(0, round(self._storage.get_expiry(bucket) - self._clock().timestamp()))
        left = max(0, self._rate.amount - count)
        headers = [
            self._limit_header,
            (b"ratelimit-remaining", b"%d" % left),
            (b"ratelimit-reset", b"%d" % reset),
        ]
        return Admission(grant, headers, count <= self._rate.amount, reset)


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
