"""``POST /ingest/event``: one event a request."""

from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import RawEvent
from pulseboard.ingest.shape import Shape

SHAPE = Shape(RawEvent, lambda event: event)


def parse(body: bytes) -> Parsed:
    """The event of a body.

    Raises:
        Malformed: not JSON.
    """
    return Parsed((SHAPE.made_of(0, SHAPE.one(body)),))
