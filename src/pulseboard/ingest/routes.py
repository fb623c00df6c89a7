"""The doors over HTTP, as plain ASGI: a framework between the socket and the spool costs two thirds of the requests.

docs/decisions/0005 has the measurement. Each door is read top to bottom: key, rate, body, events, spool, answer.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import structlog

from pulseboard.errors import AppError, Invalid, MethodNotAllowed, problem_document
from pulseboard.ingest import event as canonical
from pulseboard.ingest.body import ClientGone, Receive, read_body
from pulseboard.ingest.doors import batch, event
from pulseboard.ingest.drops import Drops
from pulseboard.ingest.gate import Admission, Gate, RateHeaders, too_many
from pulseboard.kit.clock import Clock
from pulseboard.spool.base import Spool

log = structlog.get_logger(__name__)

MAX_EVENT_BODY = 256 * 1024  # bytes: the properties' 64 KiB, written as wastefully as JSON allows, and the rest
MAX_BATCH_BODY = 5 * 1024 * 1024  # bytes, unpacked

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[int]]
Brought = tuple[list[canonical.Event], dict[str, Any], int]


@dataclass(frozen=True, slots=True)
class Door:
    """``parse`` turns a body and its time of arrival into events, the answer, and how many events were refused."""

    path: str
    limit: int  # bytes of body
    parse: Callable[[bytes, datetime], Brought]


def _event(body: bytes, now: datetime) -> Brought:
    one = event.parse(body, now)
    return [one], {"status": "queued", "id": one.id}, 0


def _batch(body: bytes, now: datetime) -> Brought:
    good, bad = batch.parse(body, now)
    return good, {"status": "queued", "accepted": len(good), "rejected": bad}, len(bad)


DOORS = (
    Door("/ingest/event", MAX_EVENT_BODY, _event),
    Door("/ingest/batch", MAX_BATCH_BODY, _batch),
)

_encoder = msgspec.json.Encoder()
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_ANY_ORIGIN = (b"access-control-allow-origin", b"*")  # the key is the credential; cookies play no part at a door
_PREFLIGHT = [
    _ANY_ORIGIN,
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, content-encoding, x-api-key, authorization"),
    (b"access-control-max-age", b"86400"),
]


class Ingest:
    """What the doors share."""

    def __init__(self, gate: Gate, spool: Spool, drops: Drops, clock: Clock) -> None:
        self._gate = gate
        self._spool = spool
        self._drops = drops
        self._clock = clock

    def routes(self) -> dict[str, Asgi]:
        """Path -> ASGI app that returns the status it answered."""
        table: dict[str, Asgi] = {}
        for door in DOORS:
            for prefix in ("", "/api/v1"):
                for suffix in ("", "/"):
                    table[prefix + door.path + suffix] = self._app(door)
        return table

    def _app(self, door: Door) -> Asgi:
        async def app(scope: Scope, receive: Receive, send: Send) -> int:
            if scope["method"] != "POST":
                return await _other_method(scope["method"], send)
            headers = dict(scope["headers"])
            try:
                admission = await self._gate.admit(headers)
            except AppError as refusal:
                return await _refuse(send, refusal, [])
            try:
                return await self._take(door, admission, headers, receive, send)
            except ClientGone:
                return 499
            except AppError as refusal:
                self._drops.count(admission.grant.project_id, refusal.type, self._clock())
                return await _refuse(send, refusal, admission.headers)
            except Exception:
                log.exception("door failed", door=door.path)
                return await _refuse(send, AppError(), admission.headers)

        return app

    async def _take(
        self, door: Door, admission: Admission, headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> int:
        if not admission.allowed:
            raise too_many(admission)
        body = await read_body(headers, receive, door.limit)
        now = self._clock()
        events, answer, refused = door.parse(body, now)
        project = admission.grant.project_id
        if refused:
            self._drops.count(project, Invalid.type, now, refused)
        if events:
            await self._spool.put(project, canonical.encode(events), len(events), int(now.timestamp() * 1000))
        return await _answer(send, 202, _encoder.encode(answer), [_JSON, *admission.headers])


async def _answer(send: Send, status: int, body: bytes, headers: RateHeaders) -> int:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, _ANY_ORIGIN, (b"content-length", b"%d" % len(body))],
        }
    )
    await send({"type": "http.response.body", "body": body})
    return status


async def _refuse(send: Send, error: AppError, headers: RateHeaders) -> int:
    extra = [_PROBLEM, *headers]
    if error.retry_after is not None:
        extra.append((b"retry-after", b"%d" % error.retry_after))
    return await _answer(send, error.status, _encoder.encode(problem_document(error)), extra)


async def _other_method(method: str, send: Send) -> int:
    if method == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
        await send({"type": "http.response.body", "body": b""})
        return 204
    error = MethodNotAllowed("Send POST")
    return await _refuse(send, error, [(b"allow", b"POST, OPTIONS")])
