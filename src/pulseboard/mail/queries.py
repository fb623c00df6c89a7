"""The statements about the outbox."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pulseboard.db import Listing
from pulseboard.mail.models import WAITING, OutboxLetter


def due(session: Session, now: datetime, most: int) -> list[str]:
    """The ids of letters whose time has come, oldest first."""
    wanted = select(OutboxLetter.id).where(OutboxLetter.status == WAITING, OutboxLetter.due_at <= now)
    return list(session.scalars(wanted.order_by(OutboxLetter.due_at).limit(most)))


def claim(session: Session, letter_id: str, now: datetime, until: datetime) -> OutboxLetter | None:
    """Takes a due letter for one attempt; nobody else gets it before ``until``."""
    taken = session.execute(
        update(OutboxLetter)
        .where(OutboxLetter.id == letter_id, OutboxLetter.status == WAITING, OutboxLetter.due_at <= now)
        .values(due_at=until, attempts=OutboxLetter.attempts + 1)
        .returning(OutboxLetter)
    )
    return taken.scalar_one_or_none()


def told(session: Session, now: datetime) -> list[OutboxLetter]:
    """Letters whose links are over and still stand in them."""
    over = or_(OutboxLetter.secret_until.is_(None), OutboxLetter.secret_until <= now)
    return list(session.scalars(select(OutboxLetter).where(OutboxLetter.secret != "", over).limit(100)))


def forget(session: Session, before: datetime) -> None:
    """Removes letters that were written before that moment."""
    session.execute(delete(OutboxLetter).where(OutboxLetter.created_at < before))


def letters(recipient: str, status: str) -> Listing:
    """The outbox, optionally of one address or one status."""
    wanted = select(OutboxLetter)
    if recipient:
        wanted = wanted.where(OutboxLetter.recipient == recipient)
    return wanted.where(OutboxLetter.status == status) if status else wanted
