"""Who may open a live view. A socket cannot answer 401, so the live room closes it with a code."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import WebSocket
from litestar.concurrency import sync_to_thread
from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, Keyring, actor_of, bearer_actor, check_scope, session_holder
from pulseboard.db import Database
from pulseboard.errors import Unauthenticated
from pulseboard.kit.clock import Clock
from pulseboard.projects import Grants, project_for
from pulseboard.web.actor import KEY_PREFIXES, Credentials, credentials_of

Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Watch:
    """``live.routes.Admission`` by the credentials that every other route takes."""

    db: Database
    clock: Clock
    keyring: Keyring
    grants: Grants

    async def __call__(self, socket: WebSocket[Any, Any, Any], token: str | None, project_id: str) -> Check:
        """Lets the socket in, or not; the returned check asks again, for sockets that stay open for days.

        Raises:
            Unauthenticated: no or bad credentials, or a cookie that another site's page makes the browser send.
            NotFound, Forbidden: the project is not the actor's to read.
        """
        shown = _from_message(token) if token is not None else credentials_of(socket)
        if shown.cookie and not _same_origin(socket):
            raise Unauthenticated("Cookies are taken from Pulseboard's own pages only")
        address = socket.client.host if socket.client else ""
        actor = await sync_to_thread(self._actor, shown, address)
        await sync_to_thread(self._look, actor, project_id)

        async def check() -> None:
            await sync_to_thread(self._look_again, actor, shown, address, project_id)

        return check

    def _actor(self, shown: Credentials, address: str) -> Actor:
        if shown.key:
            return self._key_holder(shown.key, address)
        if not shown.token and not shown.cookie:
            raise Unauthenticated("Sign in, or send an API key")
        if shown.cookie:
            return actor_of(self.db, self.clock, self.keyring, shown.cookie)
        actor = bearer_actor(self.db, self.clock, self.keyring, shown.token)
        check_scope(actor, "/api/v1/live", reads=True)
        return actor

    def _key_holder(self, key: str, address: str) -> Actor:
        grant = self.grants.cached(key) or self.grants.load(key)
        if grant is None:
            raise Unauthenticated("The API key is unknown or revoked")
        grant.check_address(address)
        return Actor(key_id=grant.key_id, project_id=grant.project_id, org_id=grant.org_id, scope=grant.scope)

    def _look_again(self, actor: Actor, shown: Credentials, address: str, project_id: str) -> None:
        """A revoked key and an ended session close what they opened; that an access token is over does not."""
        if shown.key:
            self._key_holder(shown.key, address)  # revoked, or of something deleted
            return
        if actor.token_id:
            self._look(self._actor(shown, address), project_id)
            return
        with self.db.read() as session:
            project_for(session, self._holder(session, actor), project_id)

    def _holder(self, session: Session, actor: Actor) -> Actor:
        return session_holder(session, actor.session_id, actor.user_id, self.clock())

    def _look(self, actor: Actor, project_id: str) -> None:
        with self.db.read() as session:
            project_for(session, actor, project_id)


def _from_message(token: str) -> Credentials:
    return Credentials(key=token) if token.startswith(KEY_PREFIXES) else Credentials(token=token)


def _same_origin(socket: WebSocket[Any, Any, Any]) -> bool:
    """Browsers send ``Origin`` with every socket; programs that keep cookies without it are let in."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
