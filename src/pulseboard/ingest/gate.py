"""Who may bring events, and how often: key or site -> grant -> rate."""

import asyncio
import time
from collections.abc import Callable, Mapping

from limits import RateLimitItem

from pulseboard.errors import NotFound, SenderRefused, Unauthenticated
from pulseboard.kit.addresses import network_of
from pulseboard.kit.ids import is_uuid
from pulseboard.kit.rate import Rate, Standing
from pulseboard.projects import Grant, Grants, origin_allowed

Headers = Mapping[bytes, bytes]
Load = Callable[[str], Grant | None]


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
        self._running: dict[tuple[Load, str], asyncio.Future[Grant | None]] = {}

    def cached(self, key: str) -> Grant | None:
        """The grant if it was looked up within a second; one in use is looked up again before that second is over."""
        grant = self.grants.cached(key)
        if grant is not None and self.grants.stale(key):
            self._look_up(self.grants.load, key)
        return grant

    async def by_key(self, key: str) -> Grant:
        """
        Raises:
            Unauthenticated: the key is unknown, revoked or of something deleted.
        """
        grant = self.cached(key) or await asyncio.shield(self._look_up(self.grants.load, key))
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
            grant = self.grants.cached_site(website_id)
            grant = grant or await asyncio.shield(self._look_up(self.grants.load_site, website_id))
        if grant is None or not grant.domains:
            raise NotFound("There is no such website")
        return grant

    def _look_up(self, load: Load, name: str) -> asyncio.Future[Grant | None]:
        """One look-up at a time, however many requests wait for it."""
        running = self._running.get((load, name))
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(None, load, name)
            self._running[load, name] = running
            running.add_done_callback(lambda done: self._looked_up(load, name, done))
        return running

    def _looked_up(self, load: Load, name: str, done: asyncio.Future[Grant | None]) -> None:
        del self._running[load, name]
        if not done.cancelled():
            done.exception()  # those who wait are told; when nobody does, the next request asks again

    def hit_address(self, address: str) -> Standing:
        """Counts a request by where it comes from."""
        return self._addresses.hit(network_of(address))


def key_of(headers: Headers) -> str:
    """The API key of a request: ``x-api-key``, or ``Authorization`` as ``Bearer`` or ``Api-Key``; empty without."""
    if key := headers.get(b"x-api-key"):
        return key.decode("latin-1")
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    return key.strip().decode("latin-1") if scheme.lower() in (b"bearer", b"api-key") else ""


def check_origin(grant: Grant, headers: Headers) -> None:
    """
    Raises:
        SenderRefused: a web page sent this, and the key is not for pages from there.
    """
    origin = headers.get(b"origin")
    if grant.origins and origin is not None and not origin_allowed(origin.decode("latin-1"), grant.origins):
        raise SenderRefused("This key is not for pages of this origin", type="origin")


def check_blocks(grant: Grant, address: str, headers: Headers) -> None:
    """
    Raises:
        SenderRefused: the project's owner takes nothing from there, or from that user agent.
    """
    agent = headers.get(b"user-agent", b"").decode("latin-1")
    if grant.blocks.hit(address, agent):
        raise SenderRefused("The owner of this project blocks this sender", type="blocked")
