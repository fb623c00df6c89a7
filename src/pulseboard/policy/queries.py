"""The statements about choices."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulseboard.policy.models import PolicyChoice


def choices(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(PolicyChoice.name, PolicyChoice.value))}


def choose(session: Session, name: str, value: str, now: datetime) -> None:
    session.merge(PolicyChoice(name=name, value=value, changed_at=now))
