"""The statements about people and sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from pulseboard.accounts.models import (
    ACTIVE,
    LEAVING,
    AccountToken,
    Challenge,
    Identity,
    LoginSession,
    Passkey,
    PersonalToken,
    RecoveryCode,
    SignInFailures,
    TotpFactor,
    User,
)
from pulseboard.db import Listing, upsert


@dataclass(frozen=True, slots=True)
class SessionState:
    """Whether a session still speaks for its person, read at every request."""

    user_id: str
    status: str
    superadmin: bool
    email_verified: bool
    revoked_at: datetime | None
    expires_at: datetime
    via_session_id: str | None
    via_id: str | None
    via_acts: bool | None  # whether that superadmin still is one, and signed in


def user_by_email_key(session: Session, email_key: str) -> User | None:
    return session.scalar(select(User).where(User.email_key == email_key))


def superadmin_exists(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(User.superadmin))))


def session_state(session: Session, session_id: str) -> SessionState | None:
    row = session.execute(_state(), {"session_id": session_id}).one_or_none()
    return SessionState(*row) if row else None


@cache
def _state() -> Select[*tuple[Any, ...]]:
    """Built once: it is asked at nearly every request, and putting it together costs more than its answer."""
    own, superadmin = aliased(LoginSession), aliased(User)
    acts = and_(own.revoked_at.is_(None), superadmin.superadmin, superadmin.status == ACTIVE)
    return (
        select(
            User.id,
            User.status,
            User.superadmin,
            User.email_verified,
            LoginSession.revoked_at,
            LoginSession.expires_at,
            LoginSession.via_session_id,
            superadmin.id,
            acts,
        )
        .join(User, User.id == LoginSession.user_id)
        .outerjoin(own, own.id == LoginSession.via_session_id)
        .outerjoin(superadmin, superadmin.id == own.user_id)
        .where(LoginSession.id == bindparam("session_id"))
    )


def renew_session(session: Session, session_id: str, generation: int, now: datetime, expires_at: datetime) -> bool:
    """Moves the session to its next generation; False when it is not at ``generation``, revoked or over."""
    changed = session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.generation == generation,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .values(generation=generation + 1, renewed_at=now, expires_at=expires_at)
        .returning(LoginSession.id)
    )
    return changed.scalar_one_or_none() is not None


def revoke_session(session: Session, session_id: str, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def failures_of(session: Session, key: str) -> tuple[int, datetime] | None:
    """How often it failed, and when it did last; locked, so that of many attempts at once each sees the one before."""
    wanted = select(SignInFailures.failures, SignInFailures.last_at).where(SignInFailures.key == key)
    row = session.execute(wanted.with_for_update()).one_or_none()
    return (row[0], row[1]) if row else None


def note_failure(session: Session, key: str, now: datetime, *, forgotten: datetime) -> int:
    """Counts one more since ``forgotten``, and says which it is."""
    new = upsert(session, SignInFailures).values(key=key, failures=1, last_at=now)
    again = case((SignInFailures.last_at > forgotten, SignInFailures.failures + 1), else_=1)
    counted = new.on_conflict_do_update(index_elements=["key"], set_={"failures": again, "last_at": now})
    return session.execute(counted.returning(SignInFailures.failures)).scalar_one()


def forget_failures(session: Session, key: str) -> None:
    session.execute(delete(SignInFailures).where(SignInFailures.key == key))


def drop_links(session: Session, user_id: str, *purposes: str) -> None:
    """Removes the person's unused tokens for the purposes."""
    unused = AccountToken.used_at.is_(None)
    session.execute(
        delete(AccountToken).where(AccountToken.user_id == user_id, AccountToken.purpose.in_(purposes), unused)
    )


def link_since(session: Session, user_id: str, purpose: str, moment: datetime) -> bool:
    found = select(AccountToken.id).where(
        AccountToken.user_id == user_id,
        AccountToken.purpose == purpose,
        AccountToken.used_at.is_(None),
        AccountToken.created_at > moment,
    )
    return session.scalar(found.limit(1)) is not None


def open_link(session: Session, token_hash: str, purpose: str, now: datetime) -> AccountToken | None:
    return session.scalar(
        select(AccountToken).where(
            AccountToken.token_hash == token_hash,
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
    )


def spend_link(session: Session, token_hash: str, purposes: Collection[str], now: datetime) -> AccountToken | None:
    """Marks an unused token as used; None when there is none, so that of two uses at once one wins."""
    return session.execute(
        update(AccountToken)
        .where(
            AccountToken.token_hash == token_hash,
            AccountToken.purpose.in_(purposes),
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(AccountToken)
    ).scalar_one_or_none()


def used_link(session: Session, user_id: str, purpose: str, email: str, now: datetime) -> bool:
    """Whether the person has confirmed a move to ``email`` at that end."""
    found = select(AccountToken.id).where(
        AccountToken.user_id == user_id,
        AccountToken.purpose == purpose,
        AccountToken.email == email,
        AccountToken.used_at.is_not(None),
        AccountToken.expires_at > now,
    )
    return session.scalar(found.limit(1)) is not None


def forget_links(session: Session, user_id: str, *purposes: str) -> None:
    """Removes the person's tokens for the purposes, used ones too."""
    session.execute(delete(AccountToken).where(AccountToken.user_id == user_id, AccountToken.purpose.in_(purposes)))


def revoke_sessions(session: Session, user_id: str, now: datetime, *, but: str = "") -> int:
    """Ends the person's sessions, and says how many."""
    ended = session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.id != but, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(LoginSession.id)
    )
    return len(ended.all())


def sessions_of(user_id: str, now: datetime) -> Listing:
    """The person's sessions that are open."""
    return select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now
    )


def revoke_session_of(session: Session, user_id: str, session_id: str, now: datetime) -> bool:
    """Ends one session of the person; False when they have no such open one."""
    ended = session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(LoginSession.id)
    )
    return ended.scalar_one_or_none() is not None


def challenges_of(session: Session, purpose: str, most: int) -> list[Challenge]:
    """Open challenges of a kind, those first that are over first."""
    wanted = select(Challenge).where(Challenge.purpose == purpose).order_by(Challenge.expires_at).limit(most)
    return list(session.scalars(wanted))


def take_challenge(session: Session, challenge_id: str, purpose: str, now: datetime) -> Challenge | None:
    """Takes a challenge that is not over, once."""
    return session.execute(
        delete(Challenge)
        .where(Challenge.id == challenge_id, Challenge.purpose == purpose, Challenge.expires_at > now)
        .returning(Challenge)
    ).scalar_one_or_none()


def forget_old(session: Session, now: datetime, *, failures_before: datetime, sessions_before: datetime) -> None:
    """Removes what is over: challenges, links, counts of failures, sessions."""
    session.execute(delete(Challenge).where(Challenge.expires_at <= now))
    session.execute(delete(AccountToken).where(AccountToken.expires_at <= now))
    session.execute(delete(SignInFailures).where(SignInFailures.last_at < failures_before))
    session.execute(delete(LoginSession).where(LoginSession.expires_at < sessions_before))


def totp_of(session: Session, user_id: str) -> TotpFactor | None:
    return session.get(TotpFactor, user_id)


def spend_step(session: Session, user_id: str, step: int) -> bool:
    """Uses up the codes of that step and before; False when they are."""
    spent = session.execute(
        update(TotpFactor)
        .where(TotpFactor.user_id == user_id, TotpFactor.last_step < step)
        .values(last_step=step)
        .returning(TotpFactor.user_id)
    )
    return spent.scalar_one_or_none() is not None


def drop_totp(session: Session, user_id: str) -> None:
    session.execute(delete(TotpFactor).where(TotpFactor.user_id == user_id))


def spend_recovery_code(session: Session, user_id: str, code_hash: str, now: datetime) -> bool:
    """Uses a code up; False when it is none of theirs, or used."""
    spent = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return spent.first() is not None


def shown_by(session: Session, user_id: str) -> tuple[bool, bool, int]:
    """Whether the person has a password, whether an app's code is asked for, and how many recovery codes are left."""
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    confirmed = exists().where(TotpFactor.user_id == user_id, TotpFactor.confirmed_at.is_not(None))
    has_password = User.password_hash != ""
    found = session.execute(select(has_password, confirmed, unused.scalar_subquery()).where(User.id == user_id)).one()
    return bool(found[0]), bool(found[1]), int(found[2])


def drop_recovery_codes(session: Session, user_id: str) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def drop_factors(session: Session, user_id: str) -> None:
    """Removes every way to sign in but the password."""
    for table in (TotpFactor, RecoveryCode, Passkey, Identity):
        session.execute(delete(table).where(table.user_id == user_id))


def superadmins(session: Session) -> int:
    """How many can sign in as one: who is disabled looks after nothing."""
    return session.scalar(select(func.count()).where(User.superadmin, User.status == ACTIVE)) or 0


def left_before(session: Session, now: datetime) -> list[str]:
    """Who was leaving and has had time enough to come back."""
    return list(session.scalars(select(User.id).where(User.status == LEAVING, User.leaves_at <= now).limit(100)))


def passkeys_of(user_id: str) -> Listing:
    return select(Passkey).where(Passkey.user_id == user_id)


def passkey_of(session: Session, user_id: str, passkey_id: str) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))


def passkey_by_credential(session: Session, credential_id: str) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def personal_tokens_of(user_id: str) -> Listing:
    return select(PersonalToken).where(PersonalToken.user_id == user_id)


def drop_personal_token(session: Session, user_id: str, token_id: str) -> str | None:
    """Removes a token of the person, and gives its name; None when they have none of that id."""
    return session.scalar(
        delete(PersonalToken)
        .where(PersonalToken.id == token_id, PersonalToken.user_id == user_id)
        .returning(PersonalToken.name)
    )


def drop_personal_tokens(session: Session, user_id: str) -> None:
    session.execute(delete(PersonalToken).where(PersonalToken.user_id == user_id))


def token_holder(session: Session, token_hash: str) -> tuple[PersonalToken, User] | None:
    found = session.execute(
        select(PersonalToken, User)
        .join(User, User.id == PersonalToken.user_id)
        .where(PersonalToken.token_hash == token_hash)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def note_token_used(session: Session, token_id: str, now: datetime) -> None:
    session.execute(update(PersonalToken).where(PersonalToken.id == token_id).values(last_used_at=now))


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))


def identities_of(session: Session, user_id: str) -> list[Identity]:
    return list(session.scalars(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id)))


def drop_identity(session: Session, user_id: str, identity_id: str) -> bool:
    """Removes a sign-in elsewhere of the person; False when they have none of that id."""
    dropped = delete(Identity).where(Identity.id == identity_id, Identity.user_id == user_id).returning(Identity.id)
    return session.scalar(dropped) is not None
