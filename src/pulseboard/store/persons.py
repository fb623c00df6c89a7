"""The writer's look-ups of persons and sessions, and of the numbers that they were given."""

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
    return _lookup(store, "persons_lookup", project_id, keys)


def persons_max(store: Store, project_id: str) -> int:
    """The highest number given to a person of the project; 0 when there is none."""
    return _max(store, "persons_max", project_id)


def sessions_lookup(store: Store, project_id: str, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of those ``keys`` (session ids that clients gave) that have one."""
    return _lookup(store, "sessions_lookup", project_id, keys)


def sessions_max(store: Store, project_id: str) -> int:
    """The highest number given to a session of the project, named or not; 0 when there is none."""
    return _max(store, "sessions_max", project_id)


def _lookup(store: Store, name: str, project_id: str, keys: Sequence[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = store.read(fixed_read(name), {"project_id": project_id, "keys": keys}, ProjectScope(project_id))
    return {row["key"]: row["number"] for row in rows}


def _max(store: Store, name: str, project_id: str) -> int:
    rows = store.read(fixed_read(name), {"project_id": project_id}, ProjectScope(project_id))
    return int(rows[0]["number"])


def recent_sessions(
    store: Store, project_id: str, persons: Sequence[int], start: datetime, end: datetime
) -> list[Session]:
    """The sessions that end by silence of ``persons``, with events from ``start`` (inclusive) to ``end`` (exclusive).

    They come in the order of persons and times.
    """
    if not persons:
        return []
    params: dict[str, Param] = {"project_id": project_id, "persons": persons, "from": start, "to": end}
    rows = store.read(fixed_read("recent_sessions"), params, ProjectScope(project_id))
    return [Session(**row) for row in rows]
