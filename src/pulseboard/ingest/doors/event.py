"""``POST /ingest/event``: one event a request."""

from datetime import datetime

import msgspec

from pulseboard.errors import Invalid
from pulseboard.ingest.event import Event
from pulseboard.ingest.faults import readable
from pulseboard.ingest.raw import RawEvent, canonical, faults_of, may_hide_faults

_decoder = msgspec.json.Decoder(RawEvent)


def parse(body: bytes, now: datetime) -> Event:
    """The event of a body received ``now``.

    Raises:
        Malformed: not JSON.
        Invalid: naming every wrong field.
    """
    try:
        raw = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("The event is not valid", errors=faults_of(readable(body))) from None
    if may_hide_faults(body) and (faults := faults_of(readable(body))):
        raise Invalid("The event is not valid", errors=faults)
    return canonical(raw, now)
