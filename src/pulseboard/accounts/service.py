"""Registering, renewing and leaving a session."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.actor import Actor
from pulseboard.accounts.keyring import REFRESH_LIFE, Keyring
from pulseboard.accounts.models import ACTIVE, LoginSession, User
from pulseboard.accounts.passwords import check_password, hash_password
from pulseboard.accounts.schemas import OrgRef
from pulseboard.audit import CONSOLE, Caller, Target, record
from pulseboard.db import Database
from pulseboard.errors import Conflict, Invalid, Unauthenticated
from pulseboard.kit.clock import Clock
from pulseboard.kit.emails import email_key, is_email
from pulseboard.kit.ids import new_id

SPENT_TOKEN = "The refresh token is not valid any more"  # noqa: S105 -- a sentence
_HOLDER_TABLES = ("login_sessions", "users")


@dataclass(frozen=True, slots=True)
class Homes:
    """What this room asks of the organisations, which it does not know.

    ``make`` gives a new person's home, ``of`` a person's list, ``with_person`` the person with it. ``check_leaving``
    raises ``Conflict`` where an organisation would lose its last owner; ``close`` ends what belongs to a person who is
    deleted.
    """

    make: Callable[[Session, User, datetime], OrgRef]
    of: Callable[[Session, str], list[OrgRef]]
    with_person: Callable[[Session, str], tuple[User | None, list[OrgRef]]]
    check_leaving: Callable[[Session, str], None] = lambda _session, _user_id: None
    close: Callable[[Session, str, datetime], None] = lambda _session, _user_id, _now: None


@dataclass(frozen=True, slots=True)
class SignedIn:
    user: User
    orgs: list[OrgRef]
    session_id: str


def add_person(
    db: Database,
    clock: Clock,
    homes: Homes,
    *,
    email: str,
    password: str | None,
    name: str = "",
    superadmin: bool = False,
    caller: Caller = CONSOLE,
    before: Callable[[Session], None] = lambda _session: None,
    after: Callable[[Session, User], None] = lambda _session, _user: None,
) -> SignedIn:
    """A new person with a personal organisation, signed in. ``before`` and ``after`` run in the same transaction.

    Raises:
        Invalid: the e-mail is none, or the password is easy to guess.
        Conflict: somebody has this e-mail.
    """
    email = unicodedata.normalize("NFC", email.strip())
    if not is_email(email):
        raise Invalid.field("email", "is not an e-mail address")
    hashed = ""
    if password is not None:  # who comes from elsewhere has none
        check_password(password, email)
        hashed = hash_password(password)  # before the transaction: nobody else's write waits for argon2
    now = clock()
    with db.write() as session:
        before(session)
        user = _insert_user(session, email, hashed, name.strip(), superadmin, now)
        home = homes.make(session, user, now)
        login = open_session(session, user.id, caller, now)
        record(session, of_person(caller, user.id), now, "person.registered", target_of(user))
        after(session, user)
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
        email_verified=superadmin,  # made by whoever runs the server, who could write it into the database as well
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("This e-mail address is registered already") from taken
    return user


def target_of(user: User) -> Target:
    """A person as the audit log names what something is done to."""
    return Target("person", user.id, user.email)


def of_person(caller: Caller, user_id: str) -> Caller:
    """Who called without credentials and turned out to be this person."""
    return replace(caller, kind="person", id=user_id) if caller.kind == "nobody" else caller


def open_session(session: Session, user_id: str, caller: Caller, now: datetime) -> LoginSession:
    """A sign-in of the person, with the first token of its family."""
    login = LoginSession(
        id=new_id(),
        user_id=user_id,
        generation=0,
        user_agent=caller.user_agent[:300],
        address=caller.address[:45],
        created_at=now,
        renewed_at=now,
        expires_at=now + REFRESH_LIFE,
    )
    session.add(login)
    return login


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
    now = clock()
    claims = keyring.read_access_token(access_token, now)
    who = (claims.session_id, claims.user_id)
    return db.recall(("session", *who), _HOLDER_TABLES, lambda session: session_holder(session, *who, now))


def session_holder(session: Session, session_id: str, user_id: str, now: datetime) -> Actor:
    """The person of a session, who may have stayed longer than one access token lives.

    Raises:
        Unauthenticated: the session was ended or is over, or the account is disabled.
    """
    state = queries.session_state(session, session_id)
    if state is None or state.user_id != user_id or not _holds(state, now):
        raise Unauthenticated("This session has ended; sign in again")
    return Actor(
        user_id=state.user_id,
        session_id=session_id,
        superadmin=state.superadmin,
        email_verified=state.email_verified,
        via_id=state.via_id or "",
        via_session_id=state.via_session_id or "",
    )


def _holds(state: queries.SessionState, now: datetime) -> bool:
    if state.revoked_at or state.status != ACTIVE or state.expires_at <= now:
        return False
    return state.via_session_id is None or bool(state.via_acts and not state.superadmin)
