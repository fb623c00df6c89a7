"""One file per door: bytes -> raw events, and the names of what it refuses; nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from pulseboard.ingest.doors import batch, event
from pulseboard.ingest.parsed import Parsed
from pulseboard.projects import Grant

EVENT_BODY = 256 * 1024  # bytes: the properties' 64 KiB, written as wastefully as JSON allows, and the rest
BATCH_BODY = 5 * 1024 * 1024  # bytes, unpacked, where no plan says otherwise


@dataclass(frozen=True, slots=True)
class Door:
    """``body_key`` tells a door whose key may stand in the body."""

    paths: tuple[str, ...]
    parse: Callable[[bytes], Parsed]
    many: bool = False
    body_key: bool = False

    @property
    def quick(self) -> bool:
        """Whether its requests may go the short way (``ingest.quick``): they show their key in a header."""
        return not self.body_key

    def limit_for(self, grant: Grant | None) -> int:
        """Bytes of body that the door takes from them."""
        if grant is None:
            return BATCH_BODY if self.many else EVENT_BODY
        return grant.terms.batch_bytes if self.many else 4 * grant.terms.property_bytes


def _also_at_root(path: str) -> tuple[str, ...]:
    return (path, "/api/v1" + path)


DOORS = (
    Door(_also_at_root("/ingest/event"), event.parse),
    Door(_also_at_root("/ingest/batch"), batch.parse, many=True),
)
