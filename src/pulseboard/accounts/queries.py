"""The statements about people and sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from pulseboard.accounts.models import LoginSession, User


@dataclass(frozen=True, slots=True)
class SessionState:
    """Whether a session still speaks for its person, read at every request."""

    user_id: str
    status: str
    superadmin: bool
    email_verified: bool
    revoked_at: datetime | None
    expires_at: datetime


def user_by_email_key(session: Session, email_key: str) -> User | None:
    return session.scalar(select(User).where(User.email_key == email_key))


def superadmin_exists(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(User.superadmin))))


def session_state(session: Session, session_id: str) -> SessionState | None:
    row = session.execute(
        select(
            User.id,
            User.status,
            User.superadmin,
            User.email_verified,
            LoginSession.revoked_at,
            LoginSession.expires_at,
        )
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.id == session_id)
    ).one_or_none()
    return SessionState(*row) if row else None


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
