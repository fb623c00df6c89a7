"""The doors over HTTP, as plain ASGI: a framework between the socket and the spool costs two thirds of the requests.

docs/decisions/0005 has the measurement. Each request is read top to bottom: who, how often, body, events, quota,
spool, answer.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from pulseboard.errors import AppError, Unauthenticated
from pulseboard.ingest import quota
from pulseboard.ingest.answers import ANY_ORIGIN, JSON, HeaderList, Send, answer, other_method, rate_headers, refuse
from pulseboard.ingest.body import ClientGone, Receive, read_body
from pulseboard.ingest.doors import DOORS, Door
from pulseboard.ingest.drops import Drops
from pulseboard.ingest.gate import Gate, check_blocks, check_origin, key_of, too_many
from pulseboard.ingest.intake import Intake, count_faults, count_refusal, sort_out
from pulseboard.ingest.parsed import Parsed
from pulseboard.kit.clock import Clock
from pulseboard.projects import Grant
from pulseboard.spool.base import Spool

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[int]]


@dataclass(slots=True)
class Request:
    """One request at a door, and what has been found out about it."""

    door: Door
    headers: dict[bytes, bytes]
    address: str
    at: int  # ms since 1970
    grant: Grant | None = None
    told: HeaderList = field(default_factory=lambda: list(ANY_ORIGIN))  # headers of the answer, whatever it is


class Ingest:
    """What the doors share."""

    def __init__(self, gate: Gate, spool: Spool, drops: Drops, clock: Clock, known: quota.Known) -> None:
        self._gate = gate
        self._spool = spool
        self._drops = drops
        self._clock = clock
        self._known = known

    def routes(self) -> dict[str, Asgi]:
        """Path -> ASGI app that returns the status it answered."""
        return {path + slash: self._app(door) for door in DOORS for path in door.paths for slash in ("", "/")}

    def _app(self, door: Door) -> Asgi:
        async def app(scope: Scope, receive: Receive, send: Send) -> int:
            if scope["method"] != "POST":
                return await other_method(scope["method"], send, ANY_ORIGIN)
            client = scope.get("client")
            request = Request(door, dict(scope["headers"]), client[0] if client else "", self._now())
            try:
                intake = await self._take(request, receive)
                return await answer(send, 202, intake.answer(), [JSON, *request.told])
            except ClientGone:
                return 499
            except AppError as refusal:
                if request.grant is not None:
                    count_refusal(self._drops, request.grant, refusal, request.at)
                return await refuse(send, refusal, request.told)
            except Exception:
                log.exception("door failed", door=door.paths[0])
                return await refuse(send, AppError(), request.told)

        return app

    def _now(self) -> int:
        return int(self._clock().timestamp() * 1000)

    async def _take(self, request: Request, receive: Receive) -> Intake:
        if key := key_of(request.headers):
            await self._admit(request, key)
        elif request.door.body_key:
            self._count_address(request)
        else:
            raise Unauthenticated("An API key is needed, in the x-api-key header")
        limit = request.door.limit_for(request.grant)
        body = await read_body(request.headers, receive, limit)
        parsed = request.door.parse(body)
        grant = request.grant or await self._admit(request, parsed.key)
        return await self._put(request, grant, parsed, len(body))

    async def _admit(self, request: Request, key: str) -> Grant:
        grant = await self._gate.by_key(key)
        standing = self._gate.keys.hit(grant.key_id)
        request.told += rate_headers(standing)
        request.grant = grant
        if not standing.allowed:
            raise too_many(standing)
        check_origin(grant, request.headers)
        check_blocks(grant, request.address, request.headers)
        return grant

    def _count_address(self, request: Request) -> None:
        standing = self._gate.hit_address(request.address)
        if not standing.allowed:
            request.told += rate_headers(standing)
            raise too_many(standing)

    async def _put(self, request: Request, grant: Grant, parsed: Parsed, size: int) -> Intake:
        intake = sort_out(parsed, grant, request.at, size, None)
        if intake.events and not quota.charge(intake):
            await quota.charge_at_the_edge(intake, self._known)
        if intake.events:
            try:
                await self._spool.put(intake.parcel())
            except BaseException:
                quota.give_back(intake)
                raise
        if intake.rejected or intake.warned:
            count_faults(self._drops, intake)
        return intake
