"""The newest events, page by page."""

import base64
from datetime import datetime

from msgspec import json

from pulseboard.errors import Invalid
from pulseboard.insights.buckets import moment
from pulseboard.insights.parse import FIRST, LAST
from pulseboard.insights.query import Listing
from pulseboard.insights.render import render_listing
from pulseboard.insights.schemas import EventOut
from pulseboard.kit.clock import rfc3339
from pulseboard.store import Row, Store


def events(store: Store, asked: Listing) -> tuple[list[EventOut], str | None]:
    """One page, and the cursor of the next if there is one."""
    statement = render_listing(asked)
    rows = store.read(statement.sql, statement.params, asked.scope)
    more = len(rows) > asked.limit
    page = rows[: asked.limit]
    following = _cursor(page[-1]) if more else None
    return [_event(row) for row in page], following


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """The time and id that a cursor stands for.

    Raises:
        Invalid: it is none of ours.
    """
    try:
        time, _, id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().partition(".")
        found = moment(int(time))
    except (ValueError, OverflowError):
        raise Invalid.field("cursor", "is not a cursor of this list") from None
    if not (FIRST <= found <= LAST and time.isdecimal() and "\0" not in id):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return found, id


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row['timestamp_ms']}.{row['id']}".encode()).decode()


def _event(row: Row) -> EventOut:
    timestamp, received = rfc3339(moment(row.pop("timestamp_ms"))), rfc3339(moment(row.pop("received_ms")))
    status, properties = row.pop("status_code") or None, json.decode(row.pop("properties") or b"{}")
    return EventOut(**row, timestamp=timestamp, received_at=received, status_code=status, properties=properties)
