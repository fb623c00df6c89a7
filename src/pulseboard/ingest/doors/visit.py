"""``POST /track``: what a visitor's browser reports of a page."""

import re

import msgspec

from pulseboard.errors import Invalid, sentence
from pulseboard.ingest.parsed import Parsed, Rejected
from pulseboard.ingest.raw import Moment, Name, Properties, RawEvent
from pulseboard.ingest.shape import Shape

_ADDRESS = re.compile(
    r"https?://(?:[^/?#\\\s@]*@)?(\[[0-9a-f:.]+\]|[^/?#\\\s@:\[\]]+)(?::[0-9]{0,5})?(?:[/?#]|$)", re.IGNORECASE
)


class Visited(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Something that happened on a page. ``id`` makes sending it again harmless."""

    website_id: Name
    event_type: Name
    url: str
    referrer: str | None = None
    session_id: Name | int | None = None
    user_id: Name | int | None = None
    timestamp: Moment | None = None
    properties: Properties | None = None
    id: Name | None = None


def _raw(event: Visited) -> RawEvent:
    if not host_of(event.url):
        raise Invalid.field("url", "must be a whole http or https address")
    properties = {**(event.properties or {}), "url": event.url}
    if event.referrer:
        properties["referrer"] = event.referrer
    return RawEvent(
        name=event.event_type,
        type=event.event_type,
        timestamp=event.timestamp,
        user_id=event.user_id,
        session_id=event.session_id,
        properties=properties,
        id=event.id,
    )


def host_of(url: str) -> str:
    """The host of a whole http(s) address, as it stands there; empty when it is none.

    Where parsers disagree (a backslash, blanks, a second @), there is no host.
    """
    found = _ADDRESS.match(url)
    return found[1] if found else ""


_SHAPE = Shape(Visited, _raw)


def parse(body: bytes) -> Parsed:
    """The event of a body, its site and the page's host.

    Raises:
        Malformed: not JSON.
        Invalid: it names no site.
    """
    return read(_SHAPE.one(body))


def read(item: object) -> Parsed:
    """``parse`` of what has been read already.

    Raises:
        Invalid: it names no site.
    """
    made = _SHAPE.made_of(0, item)
    if isinstance(item, Visited):
        return Parsed((made,), site=item.website_id, host=host_of(item.url))
    site, url = (item.get("websiteId"), item.get("url")) if isinstance(item, dict) else (None, None)
    if not isinstance(site, str) or not site:
        faults = made.errors if isinstance(made, Rejected) else ()
        raise Invalid(sentence(faults), errors=faults)
    return Parsed((made,), site=site, host=host_of(url) if isinstance(url, str) else "")
