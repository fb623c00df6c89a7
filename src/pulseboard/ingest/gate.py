"""Who may bring events, and how often: key or site -> grant -> rate."""

import asyncio
import time
from collections.abc import Callable, Mapping

from limits import RateLimitItem

from pulseboard.errors import Forbidden, NotFound, TooManyRequests, Unauthenticated
from pulseboard.ingest.rate import Rate, Standing
from pulseboard.kit.addresses import network_of
from pulseboard.kit.ids import is_uuid
from pulseboard.projects import Grant, Grants

Headers = Mapping[bytes, bytes]


class Gate:
    """Finds grants and counts requests. ``monotonic`` counts seconds and never jumps back.

    Who has no key is counted by address before anything of the body is read.
    """

    def __init__(
        self,
        grants: Grants,
        by_key: RateLimitItem,
        by_address: RateLimitItem,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.grants = grants
        self.keys = Rate(by_key, monotonic)
        self._addresses = Rate(by_address, monotonic)

    async def by_key(self, key: str) -> Grant:
        """
        Raises:
            Unauthenticated: the key is unknown, revoked or of something deleted.
        """
        grant = self.grants.cached(key) or await asyncio.to_thread(self.grants.load, key)
        if grant is None:
            raise Unauthenticated("The API key is unknown or revoked")
        self.grants.touch(grant.key_id)
        return grant

    async def by_site(self, website_id: str) -> Grant:
        """The grant of a site's visitors.

        Raises:
            NotFound: there is no such site.
        """
        grant = None
        if is_uuid(website_id):
            grant = self.grants.cached_site(website_id) or await asyncio.to_thread(self.grants.load_site, website_id)
        if grant is None or not grant.domains:
            raise NotFound("There is no such website")
        return grant

    def hit_address(self, address: str) -> Standing:
        """Counts a request by where it comes from."""
        return self._addresses.hit(network_of(address))


def key_of(headers: Headers) -> str:
    """The API key of a request: ``x-api-key``, or ``Authorization`` as ``Bearer`` or ``Api-Key``; empty without."""
    if key := headers.get(b"x-api-key"):
        return key.decode("latin-1")
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    return key.strip().decode("latin-1") if scheme.lower() in (b"bearer", b"api-key") else ""


def check_blocks(grant: Grant, address: str, headers: Headers) -> None:
    """
    Raises:
        Forbidden: the project's owner takes nothing from there, or from that user agent.
    """
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    if grant.blocks.hit(address, agent):
        raise Forbidden("The owner of this project blocks this sender", type="blocked")


def too_many(standing: Standing) -> TooManyRequests:
    """The refusal, with when to try again."""
    return TooManyRequests(f"At most {standing.limit} requests; try again later", retry_after=standing.reset)
