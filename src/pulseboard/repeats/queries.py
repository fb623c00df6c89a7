"""The statements about repeated requests."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from pulseboard.repeats.models import RepeatedAnswer


def keep(session: Session, id_: str, status: int, body: bytes, media_type: str) -> None:
    given = update(RepeatedAnswer).where(RepeatedAnswer.id == id_)
    session.execute(given.values(status=status, body=body, media_type=media_type))


def drop(session: Session, id_: str) -> None:
    session.execute(delete(RepeatedAnswer).where(RepeatedAnswer.id == id_))


def drop_older(session: Session, moment: datetime) -> None:
    session.execute(delete(RepeatedAnswer).where(RepeatedAnswer.created_at <= moment))
