"""A grant of a plan without limits, and what the intake makes of a body for it."""

from datetime import UTC, datetime

from pulseboard.ingest.doors import batch, event
from pulseboard.ingest.event import Event
from pulseboard.ingest.intake import sort_out
from pulseboard.ingest.parsed import Rejected
from pulseboard.kit.periods import DAY
from pulseboard.projects import Grant, Terms
from pulseboard.projects.blocks import Blocks

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
TERMS = Terms(5 * 366 * DAY, 64 * 1024, 5 * 1024 * 1024, None)
GRANT = Grant("key", "project", "org", "secret", "prod", (), (), Blocks(), {}, TERMS)


def take_one(raw: bytes) -> Event:
    """The event of ``POST /ingest/event``."""
    return sort_out(event.parse(raw), GRANT, AT, len(raw), None).events[0]


def take_many(raw: bytes) -> tuple[list[Event], list[Rejected]]:
    """The good events of ``POST /ingest/batch``, and the bad."""
    intake = sort_out(batch.parse(raw), GRANT, AT, len(raw), None)
    return intake.events, sorted(intake.rejected, key=lambda refusal: refusal.index)
