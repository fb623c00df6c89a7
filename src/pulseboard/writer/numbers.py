"""Persons and sessions are numbered: the first sight of a name in a project gives it the next number, for good.

Dense numbers make distinct counts exact and cheap (bitmaps). The tables ``persons`` and ``sessions`` are the truth;
what is held here is a cache. Used by the one writer thread only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from pulseboard.store import Store, persons_lookup, persons_max, sessions_lookup, sessions_max

MAX_CACHED = 1_000_000  # names; about 150 MB when full
Key = tuple[str, str]  # project, name


def person_key(user_id: str, anonymous_id: str) -> str:
    """What names a person inside a project: the user id, else the anonymous id, kept apart; empty for nobody."""
    if user_id:
        return "u:" + user_id
    return "a:" + anonymous_id if anonymous_id else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is numbered, and where the numbers are kept."""

    table: str
    look_up: Callable[[Store, str, Sequence[str]], dict[str, int]]
    highest: Callable[[Store, str], int]


PERSONS = Kind("persons", persons_lookup, persons_max)
SESSIONS = Kind("sessions", sessions_lookup, sessions_max)


class _Named(msgspec.Struct):
    project_id: str
    key: str
    number: int


class Numbers:
    """The numbers of one kind."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind
        self._numbers: dict[Key, int] = {}
        self._highest: dict[str, int] = {}
        self._encoder = msgspec.json.Encoder()

    def of(self, keys: set[Key]) -> tuple[dict[Key, int], set[Key]]:
        """The number of every key, and which keys are new. New ones are durable before this returns."""
        known = {key: self._numbers[key] for key in keys if key in self._numbers}
        if len(known) == len(keys):
            return known, set()
        missing = keys - known.keys()
        found = self._look_up(missing)
        new = missing - found.keys()
        numbers = found | self._give(sorted(new))
        self._remember(numbers)
        return known | numbers, new

    def next(self, project: str) -> int:
        """A number for something without a name; it lasts only if an event carries it into the store."""
        if project not in self._highest:
            self._highest[project] = self._kind.highest(self._store, project)
        self._highest[project] += 1
        return self._highest[project]

    def forget(self, project: str) -> None:
        """Forgets the names of a project, some of which went; what number comes next is still known."""
        self._numbers = {key: number for key, number in self._numbers.items() if key[0] != project}

    def _look_up(self, keys: set[Key]) -> dict[Key, int]:
        found: dict[Key, int] = {}
        for project in {project for project, _ in keys}:
            mine = [key for owner, key in keys if owner == project]
            numbers = self._kind.look_up(self._store, project, mine)
            found.update({(project, key): number for key, number in numbers.items()})
        return found

    def _give(self, new: list[Key]) -> dict[Key, int]:
        given = {key: self.next(key[0]) for key in new}
        if given:
            rows = [_Named(project, key, number) for (project, key), number in given.items()]
            self._store.insert(self._kind.table, self._encoder.encode_lines(rows))
        return given

    def _remember(self, numbers: dict[Key, int]) -> None:
        if len(self._numbers) + len(numbers) > MAX_CACHED:
            self._numbers.clear()
        self._numbers.update(numbers)
