"""Sessions and personal access tokens over HTTP."""

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.accounts import personal_tokens, queries
from pulseboard.accounts.account_schemas import (
    Cursor,
    Limit,
    PersonalTokenIn,
    PersonalTokenList,
    PersonalTokenMade,
    PersonalTokenOut,
    SessionList,
    SessionOut,
)
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import LoginSession, PersonalToken
from pulseboard.audit import Caller, Target, record
from pulseboard.db import page
from pulseboard.errors import NotFound
from pulseboard.kit.clock import rfc3339

SESSIONS = "/api/v1/auth/sessions"
TOKENS = "/api/v1/auth/tokens"


@get(SESSIONS, tags=["auth"], sync_to_thread=True)
def list_sessions(desk: Given[Desk], actor: Given[Actor], limit: Limit = 50, cursor: Cursor = None) -> SessionList:
    """The person's open sessions, oldest first."""
    wanted = queries.sessions_of(signed_in(actor).user_id, desk.clock())
    with desk.db.read() as session:
        found = page(session, wanted, LoginSession.id, limit, cursor)
    items = [_session(row[0], actor) for row in found.rows]
    return SessionList(items, found.total, found.next_cursor)


@delete(SESSIONS + "/{session_id:str}", tags=["auth"], sync_to_thread=True)
def end_session(session_id: FromPath[str], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Ends one of the person's sessions; its tokens stop working at once."""
    user_id, now = signed_in(actor).user_id, desk.clock()
    with desk.db.write() as session:
        if not queries.revoke_session_of(session, user_id, session_id, now):
            raise NotFound("There is no such session")
        record(session, caller, now, "session.ended", Target("session", session_id))


@delete(SESSIONS, tags=["auth"], sync_to_thread=True)
def end_other_sessions(desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Ends all of the person's sessions but the one that asks."""
    user_id, now = signed_in(actor).user_id, desk.clock()
    with desk.db.write() as session:
        ended = queries.revoke_sessions(session, user_id, now, but=actor.session_id)
        record(session, caller, now, "session.others-ended", Target("person", user_id), after={"sessions": ended})


@post(TOKENS, opt={"problems": (409,), "secrets": ("token",)}, tags=["auth"], sync_to_thread=True)
def make_token(
    data: JSONBody[PersonalTokenIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]
) -> PersonalTokenMade:
    """Makes a personal access token, which is shown this once. `write` includes `read`."""
    token, text = personal_tokens.make(
        desk, caller, actor, data.name.strip(), data.scopes, data.expires_in_days, data.password
    )
    return PersonalTokenMade(**_shown(token), token=text)  # type: ignore[arg-type]


@get(TOKENS, tags=["auth"], sync_to_thread=True)
def list_tokens(desk: Given[Desk], actor: Given[Actor], limit: Limit = 50, cursor: Cursor = None) -> PersonalTokenList:
    """The person's tokens, oldest first."""
    wanted = queries.personal_tokens_of(signed_in(actor).user_id)
    with desk.db.read() as session:
        found = page(session, wanted, PersonalToken.id, limit, cursor)
    items = [PersonalTokenOut(**_shown(row[0])) for row in found.rows]  # type: ignore[arg-type]
    return PersonalTokenList(items, found.total, found.next_cursor)


@delete(TOKENS + "/{token_id:str}", tags=["auth"], sync_to_thread=True)
def revoke_token(token_id: FromPath[str], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Revokes a token at once."""
    personal_tokens.revoke(desk, caller, actor, token_id)


def _session(row: LoginSession, actor: Actor) -> SessionOut:
    return SessionOut(
        id=row.id,
        current=row.id == actor.session_id,
        user_agent=row.user_agent,
        address=row.address,
        created_at=rfc3339(row.created_at),
        renewed_at=rfc3339(row.renewed_at),
        expires_at=rfc3339(row.expires_at),
        impersonation=row.via_session_id is not None,
    )


def _shown(token: PersonalToken) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "prefix": token.prefix,
        "scopes": token.scopes.split(),
        "created_at": rfc3339(token.created_at),
        "expires_at": rfc3339(token.expires_at) if token.expires_at else None,
        "last_used_at": rfc3339(token.last_used_at) if token.last_used_at else None,
    }


routes = [list_sessions, end_session, end_other_sessions, make_token, list_tokens, revoke_token]
