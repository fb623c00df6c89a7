"""What the owner of a project is told about the words of its events."""

from pulseboard.arrivals.schemas import NoticeOut, NoticeType
from pulseboard.insights import moment
from pulseboard.kit.clock import rfc3339
from pulseboard.kit.periods import DAY
from pulseboard.ledger import ROOM, Catalog, Word

SHOWN = 7 * DAY  # ms after the last word too many

_TYPES: dict[Word, NoticeType] = {"name": "too-many-names", "property": "too-many-properties"}
_DETAILS: dict[Word, str] = {
    "name": "Events come with so many different names that the names probably carry ids, such as order-1042. "
    "Every event is stored and counted; but charts by name and lists of names are of little use. "
    "Send one name, such as order, and put the id into a property.",
    "property": "Events come with so many different property keys that the keys probably carry ids or values. "
    "Every event is stored and counted; but lists of properties are of little use. "
    "Send one key, and put the id into its value.",
}


def notices(catalog: Catalog, now: int) -> list[NoticeOut]:
    """The notices that hold ``now`` (ms since 1970)."""
    return [
        NoticeOut(
            type=_TYPES[each.kind],
            detail=_DETAILS[each.kind],
            limit=ROOM,
            beyond=each.about,
            examples=list(each.examples),
            first_seen_at=rfc3339(moment(each.first)),
            last_seen_at=rfc3339(moment(each.last)),
        )
        for each in catalog.beyond
        if now - each.last < SHOWN
    ]
