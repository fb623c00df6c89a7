"""Personal access tokens: a person's programs act for them, as far as the token's scopes go."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from pulseboard.accounts import queries
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.keyring import Keyring
from pulseboard.accounts.links import hash_of
from pulseboard.accounts.models import ACTIVE, PersonalToken, User
from pulseboard.accounts.reauth import reauthenticate, tell
from pulseboard.accounts.service import actor_of
from pulseboard.audit import Caller
from pulseboard.db import Database, page
from pulseboard.errors import Conflict, Forbidden, NotFound, Unauthenticated
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id

PREFIX = "pat_"
READ, WRITE, ADMIN = "read", "write", "admin"
SCOPES = (READ, WRITE, ADMIN)  # write includes read; admin opens what only superadmins may, to a superadmin's token
QUESTIONS = "/api/v1/insights/"  # asked by POST, because a question may be long; none of them changes anything
MOST = 50  # tokens of one person
TOUCH = timedelta(minutes=5)  # how exact "last used" is: a statement less at nearly every request


def make(
    desk: Desk, caller: Caller, actor: Actor, name: str, scopes: Sequence[str], days: int | None, password: str
) -> tuple[PersonalToken, str]:
    """A new token and its text, which is shown once. ``days`` None: until it is revoked.

    Raises:
        Conflict: the person has ``MOST`` already.
        Forbidden: ``admin`` is asked for by somebody who is no superadmin.
        Invalid, TooManyRequests: as ``reauth.reauthenticate``.
    """
    user_id = reauthenticate(desk, actor, password).id
    if ADMIN in scopes and not actor.superadmin:
        raise Forbidden("Only a superadmin's token can have the scope admin")
    text, now = PREFIX + secrets.token_urlsafe(32), desk.clock()
    token = PersonalToken(
        id=new_id(),
        user_id=user_id,
        name=name,
        prefix=text[:10],
        token_hash=hash_of(text),
        scopes=" ".join(scope for scope in SCOPES if scope in scopes),
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
        last_used_at=None,
    )
    with desk.db.write() as session:
        if (page(session, queries.personal_tokens_of(user_id), PersonalToken.id, 1, None).total or 0) >= MOST:
            raise Conflict(f"At most {MOST} tokens; revoke one first")
        session.add(token)
        user = session.get_one(User, user_id)
        tell(desk, session, caller, user, "token.made", "A personal access token was made for your account")
    return token, text


def revoke(desk: Desk, caller: Caller, actor: Actor, token_id: str) -> None:
    """
    Raises:
        NotFound: the person has none of that id.
    """
    user_id = signed_in(actor).user_id
    with desk.db.write() as session:
        if queries.drop_personal_token(session, user_id, token_id) is None:
            raise NotFound("There is no such token")
        user = session.get_one(User, user_id)
        tell(desk, session, caller, user, "token.revoked", "A personal access token of your account was revoked")


def token_actor(db: Database, clock: Clock, text: str) -> Actor:
    """The person for whom the token speaks.

    Raises:
        Unauthenticated: it is unknown, revoked or over, or its person is disabled or leaving.
    """
    now = clock()
    with db.read() as session:
        found = queries.token_holder(session, hash_of(text))
    if found is None or found[1].status != ACTIVE or (found[0].expires_at and found[0].expires_at <= now):
        raise Unauthenticated("The personal access token is unknown, revoked or over")
    token, user = found
    if token.last_used_at is None or now - token.last_used_at > TOUCH:
        with db.write() as session:
            queries.note_token_used(session, token.id, now)
    scopes = frozenset(token.scopes.split())
    return Actor(
        user_id=user.id,
        superadmin=user.superadmin and ADMIN in scopes,
        email_verified=user.email_verified,
        token_id=token.id,
        scopes=scopes,
    )


def bearer_actor(db: Database, clock: Clock, keyring: Keyring, text: str) -> Actor:
    """The person behind what an Authorization header bears: an access token, or a personal one.

    Raises:
        Unauthenticated: it is not valid (any more).
    """
    if text.startswith(PREFIX):
        return token_actor(db, clock, text)
    return actor_of(db, clock, keyring, text)


def check_scope(actor: Actor, path: str, *, reads: bool) -> None:
    """Lets everybody through but a token whose scopes do not go so far. ``path`` is the route's.

    Raises:
        Forbidden: the scope is not enough, or no token opens this at all.
    """
    if not actor.token_id:
        return
    if path.startswith("/api/v1/auth/") and not (reads and path == "/api/v1/auth/me"):
        raise Forbidden("A personal access token cannot do this; sign in")
    reads = reads or path.startswith(QUESTIONS)
    needed = ADMIN if path.startswith("/api/v1/admin/") else READ if reads else WRITE
    if needed not in actor.scopes and not (needed == READ and WRITE in actor.scopes):
        raise Forbidden(f"This token has not the scope {needed}")
