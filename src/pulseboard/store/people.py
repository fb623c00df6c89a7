"""One person of a project: their numbers, names and profile, and the list of all of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pulseboard.store.base import Param, ProjectScope, Row, Store
from pulseboard.store.files import fixed_read


class Listed(NamedTuple):
    """Which persons are listed: those with events from ``since`` to ``until`` (exclusive), last seen first.

    ``search`` is a part of one of their ids; ``before`` the time (ms since 1970) and number of the last one seen.
    """

    since: datetime
    until: datetime
    limit: int
    search: str = ""
    before: tuple[int, int] | None = None


def persons_names(store: Store, project_id: str, persons: Sequence[int]) -> list[tuple[int, str]]:
    """The numbers with their names, as ``writer.numbers.person_key`` makes them."""
    rows = _read(store, "persons_names", project_id, persons=persons)
    return [(row["number"], row["key"]) for row in rows]


def merges_into(store: Store, project_id: str, person: int) -> list[int]:
    """Who turned out to be this person."""
    return [row["gone"] for row in _read(store, "merges_into", project_id, into=person)]


def persons_list(store: Store, project_id: str, asked: Listed) -> list[Row]:
    """Rows of ``sql/persons_list.sql``, one more than asked for, which tells whether there is a next page."""
    before, who = asked.before or (2**62, 2**32 - 1)
    params: dict[str, Param] = {"from": asked.since, "to": asked.until, "search": asked.search}
    return _read(store, "persons_list", project_id, before=before, before_who=who, limit=asked.limit + 1, **params)


def persons_profile(store: Store, project_id: str, persons: Sequence[int], since: datetime) -> Row | None:
    """The row of ``sql/persons_profile.sql`` of all the numbers together; None where they have no event."""
    (row,) = _read(store, "persons_profile", project_id, persons=persons, **{"from": since})
    return row if row["events"] else None


def _read(store: Store, name: str, project_id: str, **params: Param) -> list[Row]:
    return store.read(fixed_read(name), {"project_id": project_id, **params}, ProjectScope(project_id))
