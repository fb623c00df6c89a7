"""Batches for a ledger, and a plain account of them that is too slow and too simple to be wrong."""

from collections import Counter
from dataclasses import dataclass, field

from pulseboard.kit.periods import HOUR
from pulseboard.ledger import WEEK, Brought, Place, Tally

NOON = 492_756  # an hour: 2026-03-20T12:00Z
AT = NOON * HOUR
ALICES, CHARLIES = "alices", "charlies"
KEY = "key"


def tally(accepted: int = 1, stored: int = 1, late: int = 0, size: int = 100) -> Tally:
    return Tally(accepted, stored, late, size)


def brought(
    project: str = ALICES,
    source: str = KEY,
    *,
    at: int = AT,
    counts: Tally | None = None,
    names: tuple[tuple[str, str], ...] = (),
    keys: tuple[str, ...] = (),
) -> Brought:
    """What one request brought."""
    return Brought(
        {Place(project, source, at // HOUR): counts or tally()},
        {(project, source): {at}},
        {(project, *name) for name in names},
        {(project, *keys)},
    )


@dataclass
class Account:
    """Every batch as it came; each look goes through all of them."""

    batches: dict[str, Brought] = field(default_factory=dict)
    arrived: list[Brought] = field(default_factory=list)

    def record(self, batch: str, what: Brought) -> None:
        self.batches.setdefault(batch, what)
        self.arrived.append(what)

    def lines(self, project: str, first: int, end: int) -> dict[tuple[int, str], Tally]:
        sums: dict[tuple[int, str], Counter[int]] = {}
        for each in self.batches.values():
            for place, counts in each.sums.items():
                if place.project_id == project and first <= place.hour < end:
                    sums.setdefault((place.hour, place.source), Counter()).update(dict(enumerate(counts)))
        return {key: Tally(*(found[i] for i in range(4))) for key, found in sums.items()}

    def seen(self, project: str, source: str) -> tuple[int, int, int | None] | None:
        """The first and last arrival and the longest pause of the week up to the last, arrival by arrival."""
        moments: list[int] = []
        ended: list[tuple[int, int]] = []
        for each in self.arrived:
            for at in sorted(each.arrivals.get((project, source), ())):
                if moments and at > max(moments):
                    ended.append((at // HOUR, at - max(moments)))
                moments.append(at)
        if not moments:
            return None
        last = max(moments)
        week = [pause for hour, pause in ended if last // HOUR - WEEK < hour <= last // HOUR]
        return min(moments), last, max(week, default=None)
