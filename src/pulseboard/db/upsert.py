"""Making a row or changing the one that is there, in one statement; SQLAlchemy knows it by each engine's name only."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def upsert(session: Session, table: type[Any]) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows ``on_conflict_do_update``, of the engine behind the session."""
    engine = session.get_bind().dialect.name
    return postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)
