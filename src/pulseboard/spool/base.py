"""The spool's port: a durable queue between the doors and the writer.

One record is what one request brought: up to a few thousand events of one project, already encoded. ``put`` returns
when the record is on disk, ``lease`` hands out the oldest records, ``ack`` forgets them. A lease that was not
acknowledged (the process died) is handed out again *with the same records and the same token*, so that the store can
refuse to insert it twice.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """``seq`` and ``part`` name it; ``received_at`` is in ms since 1970; ``body`` is made by ``ingest.event``."""

    seq: int
    part: int
    project_id: str
    received_at: int
    count: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Lease:
    token: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: events, bytes, and when the oldest was received (ms since 1970; None when nothing waits)."""

    events: int
    bytes: int
    oldest: int | None


class Spool(Protocol):
    async def put(self, project_id: str, body: bytes, count: int, received_at: int) -> None:
        """Returns once the record is on disk.

        Raises:
            Unavailable: the spool is full or its disk refuses.
        """

    def put_now(self, project_id: str, body: bytes, count: int, received_at: int) -> None:
        """The same for callers without an event loop (importers); waits for the disk."""

    def lease(self, max_events: int, wait: float) -> Lease | None:
        """The oldest records, at most ``max_events`` events (at least one record); waits up to ``wait`` seconds."""

    def ack(self, lease: Lease) -> None:
        """Forgets the lease's records."""

    def bury(self, record: Record, reason: str) -> None:
        """Puts one record of the lease aside, with the reason, where an operator sees it."""

    def backlog(self) -> Backlog: ...

    def close(self) -> None: ...
