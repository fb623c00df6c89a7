"""Takes rows out of the store for good: the parts that hold them are written anew."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from pulseboard.store.base import Param, ProjectScope, Row, Store
from pulseboard.store.files import fixed_read

_DAYS = 31  # whose ids are read at once
_KEYS = 5_000  # that are deleted by one statement
_EPOCH = date(1970, 1, 1)


class Held(NamedTuple):
    """What the store holds of some persons."""

    events: int
    sessions: int


class _Placeholder(msgspec.Struct):
    project_id: str
    number: int
    key: str = ""


def held(store: Store, project_id: str, persons: Sequence[int]) -> Held:
    """How much there is of the persons."""
    return Held(**_read(store, "erased_events", project_id, persons)[0])


def ids_of(store: Store, project_id: str, persons: Sequence[int], days: Sequence[int]) -> Iterator[list[str]]:
    """The ids of the persons' events of those UTC days (since 1970, in order), some at a time."""
    rest = list(days)
    while rest:
        first = rest[0]
        last = max(day for day in rest if day < first + _DAYS)
        ends = {"from": _day(first), "to": _day(last)}
        yield [row["id"] for row in _read(store, "erased_ids", project_id, persons, **ends)]
        rest = [day for day in rest if day > last]


def erase_persons(store: Store, project_id: str, persons: Sequence[int]) -> None:
    """Deletes the persons with all they did; killed in the middle, the same call again deletes the rest.

    Their numbers are not given again: a placeholder keeps the highest.
    """
    keys = [row["key"] for row in _read(store, "erased_sessions", project_id, persons)]
    for some in _batched(keys):
        store.command(fixed_read("erase_sessions"), {"project_id": project_id, "keys": some})
    store.insert("persons", msgspec.json.encode(_Placeholder(project_id, max(persons))))
    params: dict[str, Param] = {"project_id": project_id, "persons": persons}
    for name in ("erase_events", "erase_merges", "erase_persons"):
        store.command(fixed_read(name), params)


def erase_projects(store: Store, projects: Sequence[str]) -> None:
    """Deletes all that is stored of the projects; killed in the middle, the same call again deletes the rest."""
    for name in ("drop_events", "drop_sessions", "drop_merges", "drop_persons"):
        store.command(fixed_read(name), {"projects": projects})


def _batched(keys: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(keys), _KEYS):
        yield keys[begin : begin + _KEYS]


def _read(store: Store, name: str, project_id: str, persons: Sequence[int], **more: Param) -> list[Row]:
    params: dict[str, Param] = {"project_id": project_id, "persons": persons, **more}
    return store.read(fixed_read(name), params, ProjectScope(project_id))


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()
