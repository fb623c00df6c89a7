"""``POST /ingest/event``: one event a request."""

import msgspec

from pulseboard.errors import Invalid
from pulseboard.ingest.faults import readable
from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import NUL, RawEvent, faults_of

_decoder = msgspec.json.Decoder(RawEvent)


def parse(body: bytes) -> Parsed:
    """The event of a body.

    Raises:
        Malformed: not JSON.
        Invalid: naming every wrong field.
    """
    try:
        raw = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("The event is not valid", errors=faults_of(readable(body))) from None
    if NUL in body and (faults := faults_of(readable(body))):
        raise Invalid("The event is not valid", errors=faults)
    return Parsed((raw,))
