"""Persons are numbered: the first sight of a user or anonymous id in a project gives it the next number, for good."""

import msgspec

from pulseboard.store import Store, persons_lookup, persons_max

MAX_CACHED = 1_000_000  # keys; about 150 MB when full
Key = tuple[str, str]  # project, person key


def person_key(user_id: str, anonymous_id: str) -> str:
    """What names a person inside a project: the user id, else the anonymous id, kept apart; empty for nobody."""
    if user_id:
        return "u:" + user_id
    return "a:" + anonymous_id if anonymous_id else ""


class _NewPerson(msgspec.Struct):
    project_id: str
    key: str
    number: int


class Persons:
    """Numbers, cached; the ``persons`` table is the truth. Used by the one writer thread only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers: dict[Key, int] = {}
        self._highest: dict[str, int] = {}
        self._encoder = msgspec.json.Encoder()

    def number(self, keys: set[Key]) -> tuple[dict[Key, int], set[Key]]:
        """The number of every key, and which keys are new. New persons are durable before this returns."""
        known = {key: self._numbers[key] for key in keys if key in self._numbers}
        if len(known) == len(keys):
            return known, set()
        missing = keys - known.keys()
        found = self._look_up(missing)
        new = missing - found.keys()
        numbers = found | self._give(sorted(new))
        self._remember(numbers)
        return known | numbers, new

    def _look_up(self, keys: set[Key]) -> dict[Key, int]:
        found: dict[Key, int] = {}
        for project in {project for project, _ in keys}:
            numbers = persons_lookup(self._store, project, [key for owner, key in keys if owner == project])
            found.update({(project, key): number for key, number in numbers.items()})
        return found

    def _give(self, new: list[Key]) -> dict[Key, int]:
        given: dict[Key, int] = {}
        for project, key in new:
            if project not in self._highest:
                self._highest[project] = persons_max(self._store, project)
            self._highest[project] += 1
            given[project, key] = self._highest[project]
        if given:
            self._insert(given)
        return given

    def _insert(self, given: dict[Key, int]) -> None:
        rows = [_NewPerson(project, key, number) for (project, key), number in given.items()]
        try:
            self._store.insert("persons", self._encoder.encode_lines(rows))
        except Exception:
            self._highest.clear()  # whether they went in is unknown: ask the table again
            raise

    def _remember(self, numbers: dict[Key, int]) -> None:
        if len(self._numbers) + len(numbers) > MAX_CACHED:
            self._numbers.clear()
        self._numbers.update(numbers)
