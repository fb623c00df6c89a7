"""``Idempotency-Key``: a POST that makes something is done once, and answered the same again for a day.

For every route that answers 201, or says ``opt={"idempotent": True}``; not for public ones that do not say so.
A route whose answer holds secrets names them with ``opt={"secrets": ("key",)}``: they are null in what is kept, and so
in every answer but the first.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.handlers import HTTPRouteHandler
from litestar.types import Message, Scope

from pulseboard import repeats
from pulseboard.db import Database
from pulseboard.errors import AppError, Invalid
from pulseboard.kit.clock import Clock
from pulseboard.web.actor import noted_actor

HEADER = "idempotency-key"
REPLAYED = "Idempotent-Replayed"
MAX_KEY = 255  # characters
_CLAIM = "pulseboard_claim"
_TOKENS = ("accessToken", "refreshToken")  # secrets wherever they stand

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Claim:
    """A first request, and what of its answer has been sent."""

    request: repeats.Request
    secrets: tuple[str, ...]
    status: int = 0
    media_type: str = ""
    body: bytearray = field(default_factory=bytearray)


def honours(handler: HTTPRouteHandler) -> bool:
    """Whether the route honours the header."""
    makes = handler.status_code == 201 and not handler.opt.get("public")  # who is nobody cannot be told from others
    return "POST" in handler.http_methods and bool(handler.opt.get("idempotent", makes))


def secrets_of(handler: HTTPRouteHandler) -> tuple[str, ...]:
    """The names of what the route's answer shows only once, if it is there."""
    return (*handler.opt.get("secrets", ()), *_TOKENS)


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Hooks around every handler."""

    db: Database
    clock: Clock

    async def before(self, request: Request[Any, Any, Any]) -> Response[bytes] | None:
        """The answer of the first request, if this is not it.

        Raises:
            Invalid: the key is none, or was used for another request.
            Conflict: the first request is under way.
        """
        key = request.headers.get(HEADER)
        if key is None or not honours(request.route_handler):
            return None
        if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
            raise Invalid.field("Idempotency-Key", f"must have 1 to {MAX_KEY} printable ASCII characters")
        who = _who(request)
        if not who:
            return None
        url = f"{request.url.path}?{request.url.query}\n".encode()
        asked = repeats.Request(who, key, url + await request.body())
        known = await sync_to_thread(repeats.begin, self.db, self.clock, asked)
        if known is not None:
            headers = {REPLAYED: "true"}
            return Response(known.body, status_code=known.status, media_type=known.media_type, headers=headers)
        request.scope["state"][_CLAIM] = _Claim(asked, secrets_of(request.route_handler))
        return None

    async def sent(self, message: Message, scope: Scope) -> None:
        """Keeps what a first request is answered, before its caller has it."""
        claim = scope.get("state", {}).get(_CLAIM)
        if claim is None:
            return
        if message["type"] == "http.response.start":
            claim.status = message["status"]
            claim.media_type = _content_type(message)
        elif message["type"] == "http.response.body":
            claim.body += message["body"][: repeats.MOST + 1 - len(claim.body)]
            if not message["more_body"]:
                del scope["state"][_CLAIM]
                await sync_to_thread(self._settle, claim)

    def _settle(self, claim: _Claim) -> None:
        try:
            if 200 <= claim.status < 300:
                answer = repeats.Answer(claim.status, _without(claim.secrets, bytes(claim.body)), claim.media_type)
                repeats.finish(self.db, claim.request, answer)
            else:
                repeats.forget(self.db, claim.request)
        except AppError:  # what was asked is done: its caller must hear so, also where a repeat will not
            log.exception("an answer was not kept for repeats")


def _who(request: Request[Any, Any, Any]) -> str:
    """Whose key it is; empty for somebody of whom nothing is known, who cannot be told from anybody else."""
    actor = noted_actor(request.scope)
    if actor is not None:
        return actor.identity
    shown = request.headers.get("x-api-key", "")
    return f"header:{hashlib.sha256(shown.encode()).hexdigest()}" if shown else ""


def _content_type(message: Any) -> str:  # noqa: ANN401 -- an ASGI message
    return next((value.decode("latin-1") for name, value in message["headers"] if name.lower() == b"content-type"), "")


def _without(secrets: tuple[str, ...], body: bytes) -> bytes:
    if len(body) > repeats.MOST:
        return body
    answer = msgspec.json.decode(body)
    shown = answer.keys() & set(secrets)
    return msgspec.json.encode(answer | dict.fromkeys(shown)) if shown else body
