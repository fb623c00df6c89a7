"""What was refused, for the project's owner to see."""

from collections import Counter
from datetime import date, timedelta
from typing import TypeAlias

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from pulseboard.kit.clock import Clock
from pulseboard.kit.periods import DAY
from pulseboard.ledger import Ledger
from pulseboard.projects import ProjectView

DAYS = 30

GivenLedger: TypeAlias = NamedDependency[SkipValidation[Ledger]]  # a protocol cannot be checked at run time


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
def refused(project: ProjectView, ledger: GivenLedger, clock: Clock) -> RefusedListOut:
    """Events that the doors refused in the last 30 days, by day and reason, newest first."""
    today = int(clock().timestamp() * 1000) // DAY
    sums: Counter[tuple[int, str]] = Counter()
    for line in ledger.refused(project.id, (today - DAYS) * 24, (today + 1) * 24):
        sums[line.hour // 24, line.reason] += line.events
    items = [RefusedOut(_day(day), reason, events) for (day, reason), events in sorted(sums.items(), reverse=True)]
    return RefusedListOut(items, total=sum(item.events for item in items))


def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


routes = [refused]
