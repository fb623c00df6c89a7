"""Registering, signing in, renewing and leaving."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.actor import Actor
from pulseboard.accounts.keyring import REFRESH_LIFE, Keyring
from pulseboard.accounts.models import ACTIVE, LoginSession, User
from pulseboard.accounts.passwords import check_password, hash_password, matches
from pulseboard.accounts.schemas import OrgRef
from pulseboard.db import Database
from pulseboard.errors import Conflict, Invalid, Unauthenticated
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s.\x00-\x1f\x7f]+(\.[^@\s.\x00-\x1f\x7f]+)+")
WRONG_LOGIN = "The e-mail address or the password is wrong"
SPENT_TOKEN = "The refresh token is not valid any more"  # noqa: S105 -- a sentence


@dataclass(frozen=True, slots=True)
class Homes:
    """What this room asks of the organisations, which it does not know: a new person's home, and a person's list."""

    make: Callable[[Session, User, datetime], OrgRef]
    of: Callable[[Session, str], list[OrgRef]]


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    orgs: list[OrgRef]
    session_id: str


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return unicodedata.normalize("NFC", email).casefold()


def add_person(
    db: Database,
    clock: Clock,
    homes: Homes,
    *,
    email: str,
    password: str,
    name: str = "",
    superadmin: bool = False,
    user_agent: str = "",
    before: Callable[[Session], None] = lambda _session: None,
) -> SignedIn:
    """A new person with a personal organisation, signed in. ``before`` runs first in the same transaction.

    Raises:
        Invalid: the e-mail is none, or the password is easy to guess.
        Conflict: somebody has this e-mail.
    """
    email = email.strip()
    if not _EMAIL.fullmatch(email):
        raise Invalid.field("email", "is not an e-mail address")
    check_password(password, email)
    hashed = hash_password(password)  # before the transaction: nobody else's write waits for argon2
    now = clock()
    with db.write() as session:
        before(session)
        user = _insert_user(session, email, hashed, name.strip(), superadmin, now)
        home = homes.make(session, user, now)
        login = _open_session(session, user.id, user_agent, now)
    return SignedIn(user, [home], login.id)


def _insert_user(session: Session, email: str, hashed: str, name: str, superadmin: bool, now: datetime) -> User:
    user = User(
        id=new_id(),
        email=email,
        email_key=email_key(email),
        name=name,
        password_hash=hashed,
        status=ACTIVE,
        superadmin=superadmin,
        email_verified=False,
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("This e-mail address is registered already") from taken
    return user


def _open_session(session: Session, user_id: str, user_agent: str, now: datetime) -> LoginSession:
    login = LoginSession(
        id=new_id(),
        user_id=user_id,
        generation=0,
        user_agent=user_agent[:300],
        created_at=now,
        renewed_at=now,
        expires_at=now + REFRESH_LIFE,
    )
    session.add(login)
    return login


def sign_in(db: Database, clock: Clock, homes: Homes, email: str, password: str, user_agent: str = "") -> SignedIn:
    """Opens a session.

    Raises:
        Unauthenticated: the same words after the same time whether the address is unknown, the password is wrong, or
            the account is disabled.
    """
    with db.read() as session:
        user = queries.user_by_email_key(session, email_key(email.strip()))
    right = matches(password, user.password_hash if user else None)
    if user is None or not right or user.status != ACTIVE:
        raise Unauthenticated(WRONG_LOGIN)
    with db.write() as session:
        login = _open_session(session, user.id, user_agent, clock())
        session.flush()
        orgs = homes.of(session, user.id)
    return SignedIn(user, orgs, login.id)


def renew(db: Database, clock: Clock, keyring: Keyring, token: str) -> tuple[str, str, str]:
    """Trades a refresh token for ``(access token, refresh token, session id)``.

    A spent token means that two parties hold the family, and nobody can tell which is the thief: the family ends.

    Raises:
        Unauthenticated: forged, spent, revoked or over.
    """
    claims = keyring.read_refresh_token(token)
    now = clock()
    with db.write() as session:
        renewed = queries.renew_session(session, claims.session_id, claims.generation, now, now + REFRESH_LIFE)
        if not renewed:
            queries.revoke_session(session, claims.session_id, now)
        state = queries.session_state(session, claims.session_id)
    if not renewed or state is None or state.status != ACTIVE:
        raise Unauthenticated(SPENT_TOKEN)
    access = keyring.access_token(state.user_id, claims.session_id, now)
    return access, keyring.refresh_token(claims.session_id, claims.generation + 1), claims.session_id


def sign_out(db: Database, clock: Clock, session_ids: set[str]) -> None:
    """Ends the sessions: their refresh and access tokens stop working."""
    with db.write() as session:
        for session_id in session_ids:
            queries.revoke_session(session, session_id, clock())


def actor_of(db: Database, clock: Clock, keyring: Keyring, access_token: str) -> Actor:
    """The person behind an access token.

    Raises:
        Unauthenticated: the token is not valid, its session was ended, or the account is disabled.
    """
    claims = keyring.read_access_token(access_token, clock())
    with db.read() as session:
        return session_holder(session, claims.session_id, claims.user_id)


def session_holder(session: Session, session_id: str, user_id: str) -> Actor:
    """The person of a session, who may have stayed longer than one access token lives.

    Raises:
        Unauthenticated: the session was ended, or the account is disabled.
    """
    state = queries.session_state(session, session_id)
    if state is None or state.user_id != user_id or state.revoked_at or state.status != ACTIVE:
        raise Unauthenticated("This session has ended; sign in again")
    return Actor(
        user_id=state.user_id,
        session_id=session_id,
        superadmin=state.superadmin,
        email_verified=state.email_verified,
    )
