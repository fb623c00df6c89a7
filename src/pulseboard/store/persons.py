"""The writer's look-ups of persons and their sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pulseboard.store.base import Param, ProjectScope, Store
from pulseboard.store.files import fixed_read


class Session(NamedTuple):
    """One session of one person; the times are of its first and last event, in milliseconds since 1970."""

    person: int
    session: int
    first_ms: int
    last_ms: int


def persons_lookup(store: Store, project_id: str, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of those ``keys`` (user or anonymous ids) that have one."""
    if not keys:
        return {}
    rows = store.read(fixed_read("persons_lookup"), {"project_id": project_id, "keys": keys}, ProjectScope(project_id))
    return {row["key"]: row["number"] for row in rows}


def persons_max(store: Store, project_id: str) -> int:
    """The highest number given in the project; 0 when there is none."""
    rows = store.read(fixed_read("persons_max"), {"project_id": project_id}, ProjectScope(project_id))
    return int(rows[0]["number"])


def recent_sessions(
    store: Store, project_id: str, persons: Sequence[int], start: datetime, end: datetime
) -> list[Session]:
    """The sessions of ``persons`` with events from ``start`` (inclusive) to ``end`` (exclusive), by person and time."""
    if not persons:
        return []
    params: dict[str, Param] = {"project_id": project_id, "persons": persons, "from": start, "to": end}
    rows = store.read(fixed_read("recent_sessions"), params, ProjectScope(project_id))
    return [Session(**row) for row in rows]
