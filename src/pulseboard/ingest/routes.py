"""The doors over HTTP, as plain ASGI: a framework between the socket and the spool costs two thirds of the requests.

docs/decisions/0005 has the measurement. Each request is read top to bottom: who, how often, body, events, quota,
spool, answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

import structlog

from pulseboard.accounts import Actor
from pulseboard.errors import AppError, Invalid, NotFound, TooManyRequests, Unauthenticated
from pulseboard.ingest import quota
from pulseboard.ingest.answers import (
    ANY_ORIGIN,
    BY_ORIGIN,
    JSON,
    HeaderList,
    Send,
    answer,
    picture,
    preflight,
    refuse,
    to_origin,
    wrong_method,
)
from pulseboard.ingest.body import ClientGone, Receive, Unfinished, encoding_of, media_type, read_body, unpacked
from pulseboard.ingest.doors import DOORS, PIXEL, Door, pixel
from pulseboard.ingest.drops import Drops
from pulseboard.ingest.gate import Gate, check_blocks, check_origin, key_of
from pulseboard.ingest.intake import Intake, count_faults, count_refusal, sort_out
from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.sites import People, check_page, check_visitor, of_site, token_of, visit_of
from pulseboard.kit.clock import Clock
from pulseboard.kit.rate import Standing, rate_headers
from pulseboard.projects import Grant
from pulseboard.spool.base import Spool

log = structlog.get_logger(__name__)

LARGE = 256 * 1024  # bytes of body that are read beside the event loop: more would hold up everybody else's requests
MANY = 2 * 1024  # the same for bodies of many events: the good ones go the short way, and the bad take long
READERS = 2  # such bodies at once; taken apart, each may become twenty times its size

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[int]]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Request:
    """One request at a door, and what has been found out about it."""

    door: Door
    headers: dict[bytes, bytes]
    address: str
    at: int  # ms since 1970
    key: str = ""  # in a header
    person: Actor | None = None
    grant: Grant | None = None
    standing: Standing | None = None
    allow: HeaderList = field(default_factory=list)  # which pages may read the answer

    @property
    def told(self) -> HeaderList:
        """Headers of the answer, whatever it is."""
        return [*self.allow, *([] if self.standing is None else rate_headers(self.standing))]


class Ingest:
    """What the doors share."""

    def __init__(
        self, gate: Gate, spool: Spool, drops: Drops, clock: Clock, known: quota.Known, people: People
    ) -> None:
        self._gate = gate
        self._spool = spool
        self._drops = drops
        self._clock = clock
        self._known = known
        self._people = people
        self._unfinished = Unfinished()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="bodies")
        self._posts = {path: (door, self._post(door)) for door in DOORS for path in door.paths}
        self._pixel = self._get(PIXEL)

    def at(self, method: str, path: str) -> Asgi | None:
        """The app that answers there, and returns the status it answered; None where there is no door.

        ``path`` is without a slash at its end.
        """
        if path in PIXEL.paths:
            return self._pixel
        door, app = self._posts.get(path, (None, None))
        return None if door is None or method in door.others else app

    def _post(self, door: Door) -> Asgi:
        methods = ", ".join((*door.others, "POST"))

        async def app(scope: Scope, receive: Receive, send: Send) -> int:
            request = self._request(door, scope)
            if scope["method"] == "OPTIONS":
                return await preflight(send, "POST", _preflight_told(request))
            if scope["method"] != "POST":
                return await wrong_method(send, methods, request.told)
            return await self._answered(request, self._take(request, receive), send)

        return app

    def _get(self, door: Door) -> Asgi:
        async def app(scope: Scope, _receive: Receive, send: Send) -> int:
            request = self._request(door, scope)
            if scope["method"] == "HEAD":
                return await picture(send, 200, request.told)
            if scope["method"] == "OPTIONS":
                return await preflight(send, "GET", _preflight_told(request))
            if scope["method"] != "GET":
                return await wrong_method(send, "GET, HEAD", request.told)
            return await self._answered(request, self._look(request, scope["query_string"]), send)

        return app

    def _request(self, door: Door, scope: Scope) -> Request:
        client = scope.get("client")
        allow = list(BY_ORIGIN if door.site else ANY_ORIGIN)
        return Request(door, dict(scope["headers"]), client[0] if client else "", self._now(), allow=allow)

    def _now(self) -> int:
        return int(self._clock().timestamp() * 1000)

    async def _answered(self, request: Request, taking: Awaitable[Intake], send: Send) -> int:
        seen = request.door is PIXEL
        try:
            intake = await taking
            if seen:
                return await picture(send, 200, request.told)
            return await answer(send, 202, intake.answer(), [JSON, *request.told])
        except ClientGone:
            return 499
        except AppError as error:
            # Its traceback holds this frame, which holds it: the body would stay until cycles are collected.
            refusal = error.with_traceback(None)
            if request.grant is not None:
                count_refusal(self._drops, request.grant, refusal, request.at)
        except Exception:
            log.exception("door failed", door=request.door.paths[0])
            refusal = AppError()
        if seen and b"image/" in request.headers.get(b"accept", b""):  # a page must not show a broken picture for it
            return await picture(send, refusal.status, request.told)
        return await refuse(send, refusal, request.told)

    async def _take(self, request: Request, receive: Receive) -> Intake:
        await self._identify(request)
        reader, encoding = request.door.reader(media_type(request.headers)), encoding_of(request.headers)
        limit = request.door.limit_for(request.grant)
        packed = await read_body(request.headers, receive, limit, self._unfinished)
        await self._look_again(request)
        large = bool(encoding) or len(packed) > (MANY if request.door.many else LARGE)
        parsed, size = await self._beside(large, _read, reader, packed, encoding, limit)
        grant = await self._settle(request, parsed)
        return await self._put(request, grant, parsed, size)

    async def _look(self, request: Request, query: bytes) -> Intake:
        await self._identify(request)
        parsed = pixel.parse(query, request.headers.get(b"referer", b"").decode("latin-1"))
        grant = await self._settle(request, parsed)
        return await self._put(request, grant, parsed, len(query))

    async def _beside(self, large: bool, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does what takes long for a large body in a thread."""
        if not large:
            return work(*args, **kwargs)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, partial(work, *args, **kwargs))

    async def _identify(self, request: Request) -> None:
        """Who sends this, as far as the headers say."""
        door = request.door
        token = token_of(request.headers) if door.site else ""
        request.key = "" if token else key_of(request.headers)
        if request.key:
            await self._admit(request, request.key)
            return
        if not door.site and not door.body_key:
            raise Unauthenticated("An API key is needed, in the x-api-key header")
        self._count_address(request)
        if token:
            request.person = await asyncio.to_thread(self._people.who, token)

    async def _settle(self, request: Request, parsed: Parsed) -> Grant:
        """The grant of the project that the events are for."""
        if request.door.site:
            return await self._settle_site(request, parsed)
        if request.grant is None:
            if not parsed.key:
                raise Unauthenticated("An API key is needed, in the x-api-key header or as api_key")
            return await self._admit(request, parsed.key)
        if parsed.key not in ("", request.key):
            raise Invalid.field("api_key", "is not the key that the header shows")
        return request.grant

    async def _settle_site(self, request: Request, parsed: Parsed) -> Grant:
        grant = request.grant
        if grant is None:
            grant = await self._gate.by_site(parsed.site)
            if request.person is not None:
                await self._check_sees(request.person, grant)
            request.grant = grant
        elif parsed.site != grant.project_id:
            raise NotFound("There is no such website")
        origin = request.headers.get(b"origin")
        if origin is not None and of_site(origin, grant):
            request.allow += to_origin(origin)
        check_blocks(grant, request.address, request.headers)
        if not request.key and request.person is None:
            # Browsers name the page that shows a picture in no other header.
            sender = request.headers.get(b"referer") if origin is None and request.door is PIXEL else origin
            check_visitor(grant, sender)
        if parsed.host:
            check_page(grant, parsed.host)
        return grant

    async def _check_sees(self, person: Actor, grant: Grant) -> None:
        try:
            await asyncio.to_thread(self._people.check_sees, person, grant.project_id)
        except NotFound:
            raise NotFound("There is no such website") from None

    async def _admit(self, request: Request, key: str) -> Grant:
        grant = await self._gate.by_key(key)
        request.grant = grant
        request.standing = self._gate.keys.hit(grant.key_id)
        if not request.standing.allowed:
            raise TooManyRequests.than(request.standing.limit, request.standing.reset)
        check_origin(grant, request.headers)
        grant.check_address(request.address)
        check_blocks(grant, request.address, request.headers)
        return grant

    async def _look_again(self, request: Request) -> None:
        """A body may take minutes. It came when it was whole, also for reads that say they know all that came before;
        and its key may be revoked by then.
        """
        request.at = self._now()
        if request.key:
            request.grant = await self._gate.by_key(request.key)

    def _count_address(self, request: Request) -> None:
        request.standing = self._gate.hit_address(request.address)
        if not request.standing.allowed:
            raise TooManyRequests.than(request.standing.limit, request.standing.reset)

    async def _put(self, request: Request, grant: Grant, parsed: Parsed, size: int) -> Intake:
        visit = visit_of(request.address, request.headers) if request.door.site else None
        intake = await self._beside(size > LARGE, sort_out, parsed, grant, request.at, size, visit)
        if intake.events and not quota.charge(intake):
            await quota.charge_at_the_edge(intake, self._known)
        if intake.events:
            try:
                await self._spool.put(intake.parcel())
            except Exception:  # whoever is cancelled does not know: the events may be on disk, and are charged then
                quota.give_back(intake)
                raise
        if intake.rejected or intake.unfit:
            count_faults(self._drops, intake)
        return intake


def _preflight_told(request: Request) -> HeaderList:
    """Before the body nobody knows the site, so every origin may ask; the answer to what is sent is given to few."""
    origin = request.headers.get(b"origin")
    return request.told + to_origin(origin) if request.door.site and origin else request.told


def _read(reader: Callable[[bytes], Parsed], packed: bytes, encoding: str, limit: int) -> tuple[Parsed, int]:
    body = unpacked(packed, encoding, limit)
    return reader(body), len(body)
