"""The statements about choices."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulseboard.db import upsert
from pulseboard.policy.models import PolicyChoice


def choices(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(PolicyChoice.name, PolicyChoice.value))}


def choose(session: Session, wanted: Mapping[str, str], now: datetime) -> None:
    new = upsert(session, PolicyChoice)
    rows = [{"name": name, "value": value, "changed_at": now} for name, value in wanted.items()]
    changed = {"value": new.excluded.value, "changed_at": new.excluded.changed_at}
    session.execute(new.values(rows).on_conflict_do_update(index_elements=["name"], set_=changed))
