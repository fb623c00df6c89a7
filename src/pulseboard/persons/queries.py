"""The statements about erasures."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pulseboard.persons.models import Erasure


def all_erasures(session: Session) -> Sequence[Erasure]:
    """Every one there was, oldest first."""
    return session.scalars(select(Erasure).order_by(Erasure.id)).all()


def open_erasures(session: Session) -> Sequence[Erasure]:
    """Those that are not done, oldest first."""
    return session.scalars(select(Erasure).where(Erasure.done_at.is_(None)).order_by(Erasure.id)).all()


def end_erasure(session: Session, id: str, now: datetime) -> None:
    session.execute(update(Erasure).where(Erasure.id == id).values(done_at=now, numbers=[], days=[]))
