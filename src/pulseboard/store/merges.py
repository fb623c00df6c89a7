"""Which persons turned out to be others: an anonymous past belongs to the user who it was.

The table ``person_merges`` is the truth. What is held here spares most batches a look, and says which projects have
merges at all: the reads of all others stay as they are.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pulseboard.store.base import Param, PlatformScope, ProjectScope, Store
from pulseboard.store.files import fixed_read

MAX_CACHED = 1_000_000  # persons; about 100 MB when full


class Merge(NamedTuple):
    """The person numbered ``gone`` is the one numbered ``into``."""

    project_id: str
    gone: int
    into: int


class _Stored(msgspec.Struct):
    project_id: str
    gone: int
    into: int


class Merges:
    """Written by the one writer thread; any thread may ask ``any``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._encoder = msgspec.json.Encoder()
        self.reload()

    def reload(self) -> None:
        """Forgets what is held here, because rows of the table went."""
        rows = self._store.read(fixed_read("merges_projects"), {}, PlatformScope())
        self._known: set[tuple[str, int]] = set()
        self._projects = {str(row["project_id"]) for row in rows}

    def any(self, project_id: str) -> bool:
        """Whether anybody of the project turned out to be somebody else."""
        return project_id in self._projects

    def new(self, found: Iterable[Merge]) -> list[Merge]:
        """Those of the merges that say something new: a person who went into another one stays there."""
        first: dict[tuple[str, int], Merge] = {}
        for each in found:
            if (each.project_id, each.gone) not in self._known:
                first.setdefault((each.project_id, each.gone), each)
        for project_id in {project_id for project_id, _ in first}:
            mine = [gone for owner, gone in first if owner == project_id]
            for gone in merges_lookup(self._store, project_id, mine):
                del first[project_id, gone]
                self._remember(project_id, gone)
        return list(first.values())

    def add(self, merges: Sequence[Merge]) -> None:
        """Notes merges that are new; durable on return."""
        if merges:
            self._store.insert("person_merges", self._encoder.encode_lines([_Stored(*each) for each in merges]))
        for each in merges:
            self._remember(each.project_id, each.gone)
            self._projects.add(each.project_id)

    def _remember(self, project_id: str, gone: int) -> None:
        if len(self._known) >= MAX_CACHED:
            self._known.clear()
        self._known.add((project_id, gone))


def merges_lookup(store: Store, project_id: str, gone: Sequence[int]) -> dict[int, int]:
    """Those of the persons who are others, and who they are."""
    if not gone:
        return {}
    params: dict[str, Param] = {"project_id": project_id, "gone": gone}
    rows = store.read(fixed_read("merges_lookup"), params, ProjectScope(project_id))
    return {row["gone"]: row["into"] for row in rows}


def persons_days(store: Store, project_id: str, persons: Sequence[int]) -> list[int]:
    """The UTC days (since 1970) with events of the persons."""
    if not persons:
        return []
    params: dict[str, Param] = {"project_id": project_id, "persons": persons}
    return [row["day"] for row in store.read(fixed_read("persons_days"), params, ProjectScope(project_id))]
