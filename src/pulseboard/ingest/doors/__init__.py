"""One file per door: bytes -> raw events, and the names of what it refuses; nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from pulseboard.errors import WrongMediaType
from pulseboard.ingest.body import JSON
from pulseboard.ingest.doors import batch, bulk, calls, custom, event, pixel, typed, visit
from pulseboard.ingest.parsed import Parsed
from pulseboard.projects import Grant

EVENT_BODY = 256 * 1024  # bytes: the properties' 64 KiB, written as wastefully as JSON allows, and the rest
BATCH_BODY = 5 * 1024 * 1024  # bytes, unpacked, where no plan says otherwise
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
TEXT = "text/plain"  # what navigator.sendBeacon sends of a string, and what no browser asks permission for

Parse = Callable[[bytes], Parsed]


@dataclass(frozen=True, slots=True)
class Door:
    """``lines`` reads a body with one event to a line; ``plain`` is ``parse`` for a body of many events that are all as
    they should be (thousands that are not take some tenths of a second). ``body_key`` tells a door whose key may stand
    in the body, ``site`` one that a site's visitors may use without any. What the router answers at the same paths
    stands in ``others``.
    """

    paths: tuple[str, ...]
    parse: Parse
    lines: Parse | None = None
    plain: Callable[[bytes], Parsed | None] | None = None
    many: bool = False
    body_key: bool = False
    site: bool = False
    others: tuple[str, ...] = ()

    @property
    def quick(self) -> bool:
        """Whether its requests may go the short way (``ingest.quick``): they show their key in a header."""
        return not self.body_key and not self.site

    @property
    def media_types(self) -> tuple[str, ...]:
        """What a body may be."""
        return (JSON, *(LINES if self.lines else ()), *((TEXT,) if self.site else ()))

    def reader(self, media_type: str) -> Parse:
        """What reads a body of the type.

        Raises:
            WrongMediaType: the door does not take it.
        """
        if media_type not in self.media_types:
            raise WrongMediaType(f"Send {' or '.join(self.media_types)}")
        return self.lines if self.lines and media_type in LINES else self.parse

    def limit_for(self, grant: Grant | None) -> int:
        """Bytes of body that the door takes from them."""
        if grant is None:
            return BATCH_BODY if self.many else EVENT_BODY
        return grant.terms.batch_bytes if self.many else 4 * grant.terms.property_bytes


def _also_at_root(path: str) -> tuple[str, ...]:
    return (path, "/api/v1" + path)


DOORS = (
    Door(_also_at_root("/ingest/event"), event.parse),
    Door(_also_at_root("/ingest/batch"), batch.parse, batch.parse_lines, batch.plain, many=True),
    Door(("/api/v1/track",), calls.parse, calls.parse_lines, many=True, body_key=True),
    Door(("/track",), visit.parse, site=True),
    Door(("/api/events",), custom.parse),
    Door(_also_at_root("/events"), typed.parse, others=("GET", "HEAD")),
    Door(_also_at_root("/events/bulk"), bulk.parse, bulk.parse_lines, bulk.plain, many=True),
)
PIXEL = Door(("/track.gif",), pixel.parse, site=True)  # asked for with GET; the query is its body
