"""The writer's look-up of events that are stored already, and what follows a large insert."""

from collections.abc import Sequence
from datetime import date, datetime

from pulseboard.store.base import Param, PlatformScope, ProjectScope, Store
from pulseboard.store.files import fixed_read


def known_ids(store: Store, project_id: str, ids: Sequence[str], first: datetime, last: datetime) -> set[str]:
    """Which of ``ids`` are stored with a timestamp from ``first`` to ``last``, both included."""
    params: dict[str, Param] = {"project_id": project_id, "ids": ids, "from": first, "to": last}
    return {row["id"] for row in store.read(fixed_read("known_ids"), params, ProjectScope(project_id))}


def any_events(store: Store) -> bool:
    """Whether there is an event of anybody."""
    return bool(store.read(fixed_read("any_events"), {}, PlatformScope()))


def remove_before(store: Store, projects: Sequence[str], first: date) -> None:
    """Takes the projects' events that happened before a UTC day off the disk: their parts are written anew."""
    params: dict[str, Param] = {"projects": projects, "before": first.isoformat()}
    found = [str(row["project_id"]) for row in store.read(fixed_read("any_before"), params, PlatformScope())]
    if found:
        store.command(fixed_read("remove_before"), {**params, "projects": found})


def keep_sums(store: Store) -> None:
    """Makes what is kept of parts that no merge has touched, as after a large insert."""
    store.command(fixed_read("keep_sums"))
