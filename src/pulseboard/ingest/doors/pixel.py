"""``GET /track.gif``: a page view of a page without scripts, told by the address of an image."""

from urllib.parse import parse_qsl

from pulseboard.errors import Invalid, Malformed
from pulseboard.ingest.doors import visit
from pulseboard.ingest.faults import printable
from pulseboard.ingest.parsed import Parsed

EVENT_TYPE = "page_view"
_MOST = 50  # parameters; more are no page view
_TEXTS = ("websiteId", "eventType", "url", "referrer", "sessionId", "userId", "timestamp", "id")


def parse(query: bytes, page: str = "") -> Parsed:
    """The event of a query, on ``page`` where the query names no url. A parameter without value is none.

    Raises:
        Malformed: the query is no UTF-8.
        Invalid: a parameter is not known or given twice, or none names the site.
    """
    told = _parameters(query)
    return visit.read({"eventType": EVENT_TYPE, **({"url": page} if page else {}), **told})


def _parameters(query: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query.decode("ascii"), errors="strict", max_num_fields=_MOST)
    except ValueError:
        raise Malformed("The query is too long, or not in UTF-8") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found or name not in _TEXTS:
            raise Invalid.field(printable(name), "is given twice" if name in found else "is not a known parameter")
        found[name] = value
    return found
