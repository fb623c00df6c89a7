"""How much of a quota is used, to the event: what is stored this month, and what waits in the spool to be stored.

An event is charged when it is accepted and again looked at when it is stored: a double gives its charge back. So the
number never goes over the limit, however many requests come at once, and ends at the number of distinct events.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulseboard.kit.periods import HOUR, month_of
from pulseboard.ledger import Place, Tally
from pulseboard.spool.base import Parcel, Record

Key = tuple[str, int]  # project, month


class Meter:
    """The counts of all projects in memory; the ledger and the spool are the truth that they start from."""

    def __init__(self, stored: Mapping[Key, int], waiting: Iterable[Parcel]) -> None:
        self._lock = threading.Lock()
        self._stored = dict(stored)
        self._charged: dict[Key, int] = {}
        self._shared: dict[str, tuple[float, frozenset[str]]] = {}
        for parcel in waiting:
            self._add(self._charged, (parcel.project_id, month_of(parcel.received_at)), parcel.charged)

    def share(self, payer: str, projects: frozenset[str], asked: float) -> None:
        """Says which projects share a payer's quota, deleted ones included: deleting one gives nothing back.

        Whoever charges looks here, so that a project that is new counts for requests that began before it was made.
        ``asked`` (seconds of a clock that never jumps) tells which of two answers is the older one.
        """
        with self._lock:
            if asked >= self._shared.get(payer, (asked,))[0]:
                self._shared[payer] = (asked, projects)

    def sharing(self, payer: str) -> frozenset[str]:
        """The projects that share a payer's quota, as far as is known."""
        return self._shared.get(payer, (0.0, frozenset[str]()))[1]

    def take(self, account: "Account", project: str, events: int, at: int) -> int:
        """How many of ``events`` that came ``at`` (ms) fit into the quota; they are charged to ``project``."""
        month = month_of(at)
        with self._lock:
            granted = max(0, min(events, account.limit - self._used(account.projects | {project}, month)))
            self._add(self._charged, (project, month), granted)
        return granted

    def give_back(self, project: str, events: int, at: int) -> None:
        """What was charged and did not get into the spool."""
        with self._lock:
            self._add(self._charged, (project, month_of(at)), -events)

    def settle(self, records: Sequence[Record], sums: Mapping[Place, Tally]) -> None:
        """The records are done: what was new of them is stored, and nothing of them waits any more."""
        done: dict[Key, int] = {}
        for record in records:  # tens of thousands, while every request would wait for the lock
            parcel = record.parcel
            self._add(done, (parcel.project_id, month_of(parcel.received_at)), -parcel.charged)
        with self._lock:
            for key, events in done.items():
                self._add(self._charged, key, events)
            for place, tally in sums.items():
                self._add(self._stored, (place.project_id, month_of(place.hour * HOUR)), tally.stored)

    def used(self, projects: Iterable[str], month: int) -> int:
        """What the projects have used of a month's quota, what waits included."""
        with self._lock:
            return self._used(projects, month)

    def waits(self, projects: Iterable[str], at: int) -> bool:
        """Whether something is charged that may yet turn out to be a double."""
        month = month_of(at)
        with self._lock:
            return any(self._charged.get((project, month)) for project in projects)

    def _used(self, projects: Iterable[str], month: int) -> int:
        return sum(
            self._stored.get((project, month), 0) + self._charged.get((project, month), 0) for project in projects
        )

    @staticmethod
    def _add(counts: dict[Key, int], key: Key, events: int) -> None:
        if events:
            counts[key] = counts.get(key, 0) + events


@dataclass(frozen=True, slots=True)
class Account:
    """A limited quota; ``payer`` is whose."""

    meter: Meter
    limit: int
    payer: str

    @property
    def projects(self) -> frozenset[str]:
        """The projects that share the quota."""
        return self.meter.sharing(self.payer)

    def take(self, project: str, events: int, at: int) -> int:
        """See ``Meter.take``."""
        return self.meter.take(self, project, events, at)

    def give_back(self, project: str, events: int, at: int) -> None:
        """See ``Meter.give_back``."""
        self.meter.give_back(project, events, at)

    def waits(self, at: int) -> bool:
        """See ``Meter.waits``."""
        return self.meter.waits(self.projects, at)
