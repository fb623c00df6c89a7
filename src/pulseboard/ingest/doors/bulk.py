"""``POST /events/bulk``: up to 5,000 events of ``POST /events``; the good are kept and the bad are listed."""

from pulseboard.ingest.doors.typed import SHAPE
from pulseboard.ingest.parsed import Parsed


def parse(body: bytes) -> Parsed:
    """The events of ``{"events": [...]}``.

    Raises:
        Malformed: not JSON.
        Invalid: not a batch, or one of too many events.
    """
    return Parsed(SHAPE.made(SHAPE.wrapped(body)), many=True)


def plain(body: bytes) -> Parsed | None:
    """``parse`` where that is quick; None where it is not.

    Raises:
        Invalid: there are too many events.
    """
    items = SHAPE.plain(body)
    return None if items is None else Parsed(SHAPE.made(items), many=True)


def parse_lines(body: bytes) -> Parsed:
    """The events of lines.

    Raises:
        Invalid: too many.
    """
    return Parsed(SHAPE.made(SHAPE.lines(body)), many=True)
