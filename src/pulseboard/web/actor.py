"""The door of every route: who asks (or 401), how often (or 429), and by cookie only with the CSRF token (or 403).

It guards every handler of the application. A handler that strangers may call says so with ``opt={"public": True}``.
"""

import hmac
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from pulseboard.accounts import ACCESS_COOKIE, CSRF_HEADER, Actor, Keyring, actor_of, bearer_actor, check_scope
from pulseboard.db import Database
from pulseboard.errors import Forbidden, Invalid, NotFound, TooManyRequests, Unauthenticated
from pulseboard.kit.addresses import network_of
from pulseboard.kit.clock import Clock
from pulseboard.kit.rate import Rate, Standing, rate_headers
from pulseboard.projects import Grants
from pulseboard.store import current

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_PREFIXES = ("pk_", "sk_")
_ACTOR = "pulseboard_actor"
_RATE = "pulseboard_rate"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows: at most one of the three is set. A header beats the cookie."""

    key: str = ""
    token: str = ""
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """The guard and what it asks."""

    db: Database
    clock: Clock
    keyring: Keyring
    grants: Grants
    readers: Rate  # by actor
    strangers: Rate  # by address

    async def guard(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Lets the request through with its actor noted.

        Raises:
            Unauthenticated, Forbidden, TooManyRequests, Invalid: see the module.
        """
        if not isinstance(connection, Request) or connection.method == "OPTIONS":
            return  # sockets are let in by ``web.watch``
        if handler.opt.get("limited_by_address"):
            address = connection.client.host if connection.client else ""
            _count(connection, self.strangers.hit(network_of(address)))
        if not handler.opt.get("public"):
            actor = await self._actor(connection)
            path = connection.scope.get("path_template") or connection.url.path
            check_scope(actor, path, reads=connection.method in SAFE_METHODS)
            connection.scope["state"][_ACTOR] = actor
            _count(connection, self.readers.hit(actor.identity))
            if (asked := current()) is not None and asked.explained and not actor.superadmin:
                raise Forbidden("Explanations are for whoever runs Pulseboard")
        check_query(connection, handler)

    async def _actor(self, connection: AnyRequest) -> Actor:
        shown = credentials_of(connection)
        if shown.key:
            return await self._key_holder(shown.key, connection.client.host if connection.client else "")
        if not shown.token and not shown.cookie:
            raise Unauthenticated("Sign in, or send an API key")
        resolve, text = (bearer_actor, shown.token) if shown.token else (actor_of, shown.cookie)
        actor = await sync_to_thread(resolve, self.db, self.clock, self.keyring, text)
        if shown.cookie and connection.method not in SAFE_METHODS:
            self._check_csrf(connection, actor)
        return actor

    async def _key_holder(self, key: str, address: str) -> Actor:
        grant = self.grants.cached(key) or await sync_to_thread(self.grants.load, key)
        if grant is None:
            raise Unauthenticated("The API key is unknown or revoked")
        grant.check_address(address)
        self.grants.touch(grant.key_id)
        if grant.scope != "secret":
            raise Forbidden("This key may only send events; reading needs a secret key (sk_...)")
        return Actor(key_id=grant.key_id, project_id=grant.project_id, org_id=grant.org_id, scope=grant.scope)

    def _check_csrf(self, connection: Connection, actor: Actor) -> None:
        given = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.keyring.csrf_token(actor.browser_session_id).encode()):
            raise Forbidden(f"The {CSRF_HEADER} header must repeat the pb_csrf cookie", type="csrf")


def _count(connection: Connection, standing: Standing) -> None:
    connection.scope["state"][_RATE] = standing
    if not standing.allowed:
        raise TooManyRequests.than(standing.limit, standing.reset)


def credentials_of(connection: Connection) -> Credentials:
    """What the request shows.

    Raises:
        Unauthenticated: the Authorization header is of an unknown kind.
    """
    if key := connection.headers.get("x-api-key"):
        return Credentials(key=key)
    if header := connection.headers.get("authorization"):
        scheme, _, value = header.partition(" ")
        return _from_authorization(scheme.lower(), value.strip())
    return Credentials(cookie=connection.cookies.get(ACCESS_COOKIE, ""))


def _from_authorization(scheme: str, value: str) -> Credentials:
    if scheme == "api-key" or (scheme == "bearer" and value.startswith(KEY_PREFIXES)):
        return Credentials(key=value)
    if scheme != "bearer" or not value:
        raise Unauthenticated("The Authorization header must be Bearer or Api-Key")
    return Credentials(token=value)


def check_query(connection: Connection, handler: BaseRouteHandler) -> None:
    """
    Raises:
        Invalid: a parameter that the route does not know (a typo would change the answer unseen), or a NUL in one.
        NotFound: a NUL in the path; nothing has such a name, and PostgreSQL would not even look for it.
    """
    if "\0" in connection.url.path:
        raise NotFound("There is nothing at this address")
    known = handler.opt.get("query")
    for name, value in connection.query_params.multi_items():
        if known is not None and name not in known:
            raise Invalid.field(name.replace("\0", "\\0"), "is not a known parameter")
        if "\0" in value:
            raise Invalid.field(name, "must not contain a NUL character")


def provide_actor(scope: Scope) -> Actor:
    """The actor that the guard noted.

    Raises:
        Unauthenticated: the route is public, so nobody was asked.
    """
    actor = noted_actor(scope)
    if actor is None:
        raise Unauthenticated()
    return actor


def noted_actor(scope: Scope) -> Actor | None:
    """The actor that the guard noted; None at a public route."""
    actor = scope["state"].get(_ACTOR)
    return actor if isinstance(actor, Actor) else None


async def tell_rate(message: Message, scope: Scope) -> None:
    """Writes the caller's standing into the answer, errors included."""
    standing = scope.get("state", {}).get(_RATE)
    if standing is not None and message["type"] == "http.response.start":
        message["headers"] = [*message["headers"], *rate_headers(standing)]
