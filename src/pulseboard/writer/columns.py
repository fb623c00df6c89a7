"""From the canonical event to the table's columns: known keys fill typed columns whichever door they came by."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from pulseboard.ingest.event import WELL_KNOWN_TYPES, Event
from pulseboard.writer.endpoint import fold
from pulseboard.writer.fingerprint import fingerprint_of, given_fingerprint, raised_message
from pulseboard.writer.url import UTM, split_url

MAX_TEXT = 2_048  # characters of a typed text column; the properties keep the whole text

Value = str | int | float | None


class Row(msgspec.Struct, omit_defaults=True, gc=False):
    """One row of ``events``. Times are seconds since 1970; what is left out is the column's default."""

    project_id: str
    id: str
    type: str
    kind: str
    name: str
    timestamp: float
    received_at: float
    person: int = 0
    user_id: str = ""
    anonymous_id: str = ""
    session: int = 0
    session_id: str = ""
    url: str = ""
    host: str = ""
    path: str = ""
    referrer: str = ""
    referrer_domain: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    click_id: str = ""
    channel: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    browser: str = ""
    browser_version: str = ""
    os: str = ""
    os_version: str = ""
    device: str = ""
    bot: int = 0
    method: str = ""
    endpoint: str = ""
    status_code: int = 0
    duration_ms: float | None = None
    value: float | None = None
    currency: str = ""
    message: str = ""
    fingerprint: str = ""
    release: str = ""
    environment: str = ""
    service: str = ""
    library: str = ""
    properties: dict[str, Any] = {}


def _text(value: object) -> str | None:
    """Text as it is, a number as its digits; anything else does not fit."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _upper(value: object) -> str | None:
    text = _text(value)
    return None if text is None else text.upper()


def _number(value: object) -> float | None:
    """A finite number; digits in text count, as many clients send them so."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _duration(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and number >= 0 else None


def _status(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 100 <= number <= 599 else None


Convert = Callable[[object], Value]
_PLACE = ("country", "region", "city")
_AGENT = ("browser", "browser_version", "os", "os_version", "device", "library")
_CODE = ("endpoint", "message", "fingerprint", "release", "environment", "service")
_AS_NAMED = ("url", "path", "referrer", *UTM, *_PLACE, *_AGENT, *_CODE)
# Property -> column and how its value is read. The property itself stays as sent.
KNOWN: dict[str, tuple[str, Convert]] = {
    **{name: (name, _text) for name in _AS_NAMED},
    "route": ("endpoint", _text),
    "method": ("method", _upper),
    "currency": ("currency", _upper),
    "statusCode": ("status_code", _status),
    "status_code": ("status_code", _status),
    "response_time_ms": ("duration_ms", _duration),
    "responseTimeMs": ("duration_ms", _duration),
    "duration_ms": ("duration_ms", _duration),
    "durationMs": ("duration_ms", _duration),
    "value": ("value", _number),
    "amount": ("value", _number),
}


@lru_cache(maxsize=1024)
def kind_of(event_type: str) -> str:
    """The well-known type that this is, compared without case; empty for the app's own."""
    upper = event_type.upper()
    return upper if upper in WELL_KNOWN_TYPES else ""


def row_of(project_id: str, received_at: int, event: Event, kept: dict[str, Any] | None = None) -> Row:
    """The row of an event received at ``received_at`` (ms); person and session are filled in by later steps.

    ``kept`` are its properties as they may be stored, all of them unless it is given.
    """
    properties = event.properties if kept is None else kept
    row = Row(
        project_id,
        event.id,
        event.type,
        kind_of(event.type),
        event.name,
        event.timestamp / 1000,
        received_at / 1000,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        session_id=event.session_id,
        library=event.library,
        properties=properties,
    )
    for key, value in properties.items():
        if (known := KNOWN.get(key)) is not None and (read := known[1](value)) is not None:
            setattr(row, known[0], read)
    if row.url:
        _fill_from_url(row)
    if row.referrer and not row.referrer_domain:
        row.referrer_domain = split_url(row.referrer).host
    if row.endpoint or row.kind == "REQUEST":
        # A route is the sender's own word for all its paths; an endpoint may be a path like any other.
        row.endpoint = _text(properties.get("route")) or fold(row.endpoint or row.path)
    if row.kind == "ERROR" or row.status_code >= 500:
        _fill_from_error(row)
    return row


def _fill_from_error(row: Row) -> None:
    row.message = row.message or raised_message(row.properties)[:MAX_TEXT]
    if row.fingerprint:
        row.fingerprint = given_fingerprint(row.fingerprint)
        return
    place = (row.method, row.endpoint, str(row.status_code)) if row.kind == "REQUEST" else ()
    row.fingerprint = fingerprint_of(row.name, row.message, row.properties, *place)


def _fill_from_url(row: Row) -> None:
    parts = split_url(row.url)
    row.host, row.click_id = parts.host, parts.click_id
    if not row.path:
        row.path = parts.path or ("/" if parts.host else "")
    for name, value in parts.utm:
        if not getattr(row, name):
            setattr(row, name, value[:MAX_TEXT])
