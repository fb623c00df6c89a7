"""What was refused, for the project's owner to see."""

from datetime import timedelta
from typing import TypeAlias

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from pulseboard.kit.clock import Clock
from pulseboard.projects import ProjectView
from pulseboard.store import Store
from pulseboard.store.refused import read_refused

DAYS = 30

GivenStore: TypeAlias = NamedDependency[SkipValidation[Store]]  # a protocol cannot be checked at run time


class RefusedOut(msgspec.Struct, rename="camel"):
    """Events refused on one UTC day for one reason, which is the type of the problem that their sender was answered."""

    day: str
    reason: str
    events: int


class RefusedListOut(msgspec.Struct, rename="camel"):
    items: list[RefusedOut]
    total: int
    next_cursor: str | None = None


@get("/api/v1/ingest/refused", tags=["ingest"], sync_to_thread=True)
def refused(project: ProjectView, store: GivenStore, clock: Clock) -> RefusedListOut:
    """Events that the doors refused in the last 30 days, by day and reason."""
    today = clock().date()
    rows = read_refused(store, project.id, today - timedelta(days=DAYS), today)
    items = [RefusedOut(row["utc_day"], row["reason"], row["events"]) for row in rows]
    return RefusedListOut(items, total=sum(item.events for item in items))


routes = [refused]
