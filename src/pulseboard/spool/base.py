"""The spool's port: a durable queue between the doors and the writer.

One parcel is what one request brought: up to a few thousand events of one project, already encoded. ``put`` returns
when the parcel is on disk, ``lease`` hands out the oldest as records, ``ack`` forgets them. A lease that was not
acknowledged (the process died) is handed out again *with the same records and the same token*, and says so, so that
what was done of it is not done twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

Done = Callable[[Exception | None], None]


class Parcel(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one request brought.

    ``received_at`` is in ms since 1970; ``body`` is made by ``ingest.event`` and holds ``events`` of them; ``source``
    is the key's id, or one of the ledger's words for what comes without one; ``size`` is what came in bytes, unpacked;
    ``charged`` says how many events the quota was asked for.
    """

    project_id: str
    received_at: int
    events: int
    body: bytes
    source: str = ""
    size: int = 0
    charged: int = 0
    unstorable: int = 0


class Record(msgspec.Struct, frozen=True, gc=False):
    """A parcel as it is handed out; ``seq`` and ``part`` name it. ``sound`` is False when its bytes changed on disk."""

    seq: int
    part: int
    parcel: Parcel
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Lease:
    """``again`` tells one that was handed out before: some of it may have been done."""

    token: str
    records: tuple[Record, ...]
    again: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: events, bytes, and when the oldest was received (ms since 1970; None when nothing waits)."""

    events: int
    bytes: int
    oldest: int | None


class DeadLetter(NamedTuple):
    """A parcel that no try could store, without its body; later ones have larger ids. Moments are ms since 1970.

    ``bytes`` are the body's. The project is empty when nothing of the parcel can be read.
    """

    id: int
    buried_at: int
    reason: str
    project_id: str
    received_at: int
    events: int
    source: str
    bytes: int


class DeadLetters(Protocol):
    """What was put aside. Thread-safe; each method raises Unavailable when the disk refuses."""

    def page(self, limit: int, *, before: int | None = None, project_id: str | None = None) -> list[DeadLetter]:
        """The newest, of one project when it is named; ``before`` is the id after which a list goes on."""

    def count(self, project_id: str | None = None) -> int: ...

    def one(self, id: int) -> tuple[DeadLetter, bytes] | None:
        """A letter and its body."""

    def discard(self, id: int) -> bool:
        """Deletes the letter for good; False if it is not there."""

    def rewrite(self, id: int, body: bytes, events: int) -> None:
        """Puts another body, of so many events, in the place of the letter's."""


class Spool(Protocol):
    @property
    def dead(self) -> DeadLetters: ...

    async def put(self, parcel: Parcel) -> None:
        """Returns once the parcel is on disk.

        Raises:
            Unavailable: the spool is full, what waits in it is too old, or its disk refuses.
        """

    def put_soon(self, parcel: Parcel, done: Done) -> None:
        """The same, told by calling ``done`` in the running event loop: with nothing, or with what went wrong.

        Raises:
            Unavailable: there is no room; ``done`` is not called then.
        """

    def put_now(self, parcel: Parcel) -> None:
        """The same for callers without an event loop (importers); waits for the disk."""

    def lease(self, max_events: int, wait: float) -> Lease | None:
        """The oldest records, at most ``max_events`` events (at least one record); waits up to ``wait`` seconds."""

    def ack(self, lease: Lease) -> None:
        """Forgets the lease's records."""

    def bury(self, record: Record, reason: str) -> None:
        """Puts one record of the lease aside, once; it is a dead letter when the lease is acknowledged."""

    def buried(self, lease: Lease) -> set[tuple[int, int]]:
        """``seq`` and ``part`` of the lease's records that a try before a crash put aside."""

    def replay(self, id: int) -> bool:
        """Puts a dead letter back as if it came now, and removes it, in one transaction; False if it is not there.

        Raises:
            Unavailable: there is no room, or the disk refuses.
        """

    def backlog(self) -> Backlog: ...

    def check_room(self, at: int) -> None:
        """
        Raises:
            Unavailable: a parcel that came ``at`` (ms) would be refused.
        """

    def waiting(self) -> Iterator[Parcel]:
        """What waits, oldest first; for the start, before anyone puts."""

    def open_lease(self) -> str:
        """The token of the lease that nobody acknowledged yet; empty when there is none."""

    def close(self) -> None: ...
