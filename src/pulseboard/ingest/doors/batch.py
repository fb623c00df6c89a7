"""``POST /ingest/batch``: up to 5,000 events a request; the good are kept and the bad are listed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from pulseboard.errors import FieldError, Invalid
from pulseboard.ingest.event import Event
from pulseboard.ingest.faults import readable
from pulseboard.ingest.raw import RawEvent, canonical, faults_of, may_hide_faults

MAX_EVENTS = 5_000


class Rejected(msgspec.Struct, frozen=True):
    """One refused event: its place in the batch and why."""

    index: int
    errors: tuple[FieldError, ...]


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    events: list[RawEvent]


_decoder = msgspec.json.Decoder(_Batch)


def parse(body: bytes, now: datetime) -> tuple[list[Event], list[Rejected]]:
    """The good events of a body received ``now``, and the bad ones.

    Raises:
        Malformed: not JSON.
        Invalid: not a batch, or one of more than 5,000 events.
    """
    try:
        raws: Sequence[object] = _decoder.decode(body).events
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raws = _values(readable(body))
    else:
        if may_hide_faults(body):
            raws = _values(readable(body))
    if len(raws) > MAX_EVENTS:
        raise Invalid.field("events", f"has {len(raws)} events; at most {MAX_EVENTS} are taken at once")
    return _sort_out(raws, now)


def _values(value: object) -> list[object]:
    if not isinstance(value, dict):
        raise Invalid.field("", "must be an object with a list of events")
    if unknown := next((key for key in value if key != "events"), None):
        raise Invalid.field(unknown[:200], "is not a known field")
    events = value.get("events")
    if not isinstance(events, list):
        raise Invalid.field("events", "must be a list" if "events" in value else "is required")
    return events


def _sort_out(raws: Sequence[object], now: datetime) -> tuple[list[Event], list[Rejected]]:
    good: list[Event] = []
    bad: list[Rejected] = []
    for index, raw in enumerate(raws):
        try:
            good.append(canonical(raw if isinstance(raw, RawEvent) else _checked(raw), now))
        except Invalid as wrong:
            bad.append(Rejected(index, wrong.errors))
    return good, bad


def _checked(value: object) -> RawEvent:
    if faults := faults_of(value):
        raise Invalid("The event is not valid", errors=faults)
    return msgspec.convert(value, RawEvent)
