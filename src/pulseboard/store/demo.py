"""A made-up month, made where the rows end up: by the engine, at the speed of INSERT SELECT."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pulseboard.store.base import Param, ProjectScope, Store
from pulseboard.store.files import fixed_read


@dataclass(frozen=True, slots=True)
class DemoShape:
    """What fixes a demo. ``incident`` is an hour's number from ``start`` on; groups of people are given by their sizes.

    ``regulars`` and ``guests`` count half of their groups, and are no multiples of 7919 (see ``demo_web.sql``).
    """

    seed: int
    start: datetime
    incident: int
    accounts: int
    regulars: int
    guests: int


def demo_visits(store: Store, project_id: str, shape: DemoShape, per_hour: Sequence[int]) -> None:
    """Inserts the events of so many visits in each hour."""
    own: dict[str, Param] = {"regulars": shape.regulars, "guests": shape.guests}
    store.command(fixed_read("demo_web"), _params(project_id, shape, per_hour) | own)


def demo_calls(store: Store, project_id: str, shape: DemoShape, per_hour: Sequence[int]) -> None:
    """Inserts so many API calls, or errors of the API, in each hour."""
    store.command(fixed_read("demo_api"), _params(project_id, shape, per_hour))


def demo_persons(store: Store, project_id: str) -> None:
    """Writes down the persons of a project's events, whose numbers the events carry already."""
    store.command(fixed_read("demo_persons"), {"project_id": project_id})


def count_events(store: Store, project_id: str) -> int:
    """All events of a project."""
    rows = store.read(fixed_read("demo_count"), {"project_id": project_id}, ProjectScope(project_id))
    return int(rows[0]["events"])


def _params(project_id: str, shape: DemoShape, per_hour: Sequence[int]) -> dict[str, Param]:
    return {
        "project_id": project_id,
        "seed": shape.seed,
        "from": shape.start,
        "incident": shape.incident,
        "accounts": shape.accounts,
        "per_hour": list(per_hour),
    }
