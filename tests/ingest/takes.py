"""A grant of a plan without limits, and what the intake makes of a body for it."""

import json
from datetime import UTC, datetime

import pytest

from pulseboard.errors import Invalid
from pulseboard.ingest.doors import Parse, batch, event
from pulseboard.ingest.event import Event
from pulseboard.ingest.intake import sort_out
from pulseboard.ingest.parsed import Parsed, Rejected
from pulseboard.kit.periods import DAY
from pulseboard.projects import Grant, Terms
from pulseboard.projects.blocks import Blocks

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
TERMS = Terms(5 * 366 * DAY, 64 * 1024, 5 * 1024 * 1024, None)
GRANT = Grant("key", "project", "org", "secret", "prod", (), (), Blocks(), {}, TERMS)


def take(parsed: Parsed) -> tuple[list[Event], list[Rejected]]:
    """The good events of what a door read, and the bad.

    Raises:
        Invalid: it is a single event, and a bad one.
    """
    intake = sort_out(parsed, GRANT, AT, 0, None)
    return intake.events, sorted(intake.rejected, key=lambda refusal: refusal.index)


def take_one(raw: bytes) -> Event:
    """The event of ``POST /ingest/event``."""
    return sort_out(event.parse(raw), GRANT, AT, len(raw), None).events[0]


def take_many(raw: bytes) -> tuple[list[Event], list[Rejected]]:
    """The good events of ``POST /ingest/batch``, and the bad."""
    return take(batch.parse(raw))


def body(value: object) -> bytes:
    """A body as a client writes it."""
    return json.dumps(value).encode()


def faults(parse: Parse, value: object) -> list[str]:
    """The paths of the faults that one event is refused for."""
    with pytest.raises(Invalid) as refusal:
        take(parse(body(value)))
    return [fault.path for fault in refusal.value.errors]
