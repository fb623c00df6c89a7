"""The ledger's port: what came, what of it was new, what was refused, by project, source and hour.

Quotas, statistics and the completeness of reads are the same numbers, so they are kept once. A source is a key's id;
empty for the visitors of a site, who have no key. Hours are since 1970, by the server's clock.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

LATE = 3_600_000  # ms between when an event happened and when it came, from which on it counts as late


class Place(NamedTuple):
    """Whose count it is."""

    project_id: str
    source: str
    hour: int


class Tally(NamedTuple):
    """``accepted`` events were acknowledged, ``stored`` of them were new, ``late`` of those came late."""

    accepted: int
    stored: int
    late: int
    size: int  # bytes that came, unpacked


class Refusal(NamedTuple):
    """``detail`` says more about the reason, where there is more, such as an event's name."""

    project_id: str
    source: str
    hour: int
    reason: str
    detail: str = ""


class Taken(NamedTuple):
    """A line of a project's account: one source in one hour."""

    source: str
    hour: int
    accepted: int
    stored: int
    late: int
    size: int


class Refused(NamedTuple):
    """A line of what was refused: one source, hour and reason."""

    source: str
    hour: int
    reason: str
    detail: str
    events: int


class Ledger(Protocol):
    """Thread-safe."""

    def record(self, lease: str, batch: str, sums: Mapping[Place, Tally]) -> None:
        """Enters a batch of a lease, once: a batch that comes again after a crash changes nothing. Durable on return.

        Leases come one after the other; entering the next one says that the last was acknowledged.
        """

    def forget(self, batch: str) -> None:
        """Takes a batch out again that was set aside."""

    def refuse(self, sums: Mapping[Refusal, int]) -> None:
        """Adds up refused events."""

    def months(self, first: int, end: int, *, without_lease: str) -> dict[str, int]:
        """New events by project in the hours from ``first`` to before ``end``, without those of one lease."""

    def taken(self, project_ids: Sequence[str], first: int, end: int) -> list[Taken]:
        """The projects' lines of those hours, oldest first."""

    def refused(self, project_id: str, first: int, end: int) -> list[Refused]:
        """The project's refusals of those hours, oldest first."""

    def prune(self, now: int) -> None:
        """Forgets what is far older than the hour ``now``."""

    def close(self) -> None: ...
