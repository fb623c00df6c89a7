"""What the installation's owner asks about everybody's events."""

from dataclasses import dataclass
from datetime import datetime

from pulseboard.store.base import Param, PlatformScope, Row, Store
from pulseboard.store.files import fixed_read


@dataclass(frozen=True, slots=True)
class EventSearch:
    """From ``since`` (inclusive) to ``until`` (exclusive); empty words mean any.

    ``text`` is a part of the name, message, address or properties. ``after`` is the time, project and id of the last
    event of the page before.
    """

    since: datetime
    until: datetime
    limit: int
    project_id: str = ""
    type: str = ""
    name: str = ""
    user_id: str = ""
    text: str = ""
    after: tuple[datetime, str, str] | None = None


def search_events(store: Store, wanted: EventSearch) -> list[Row]:
    """Everybody's events, newest first, at most ``limit``.

    Raises:
        Unavailable: the engine does not answer, or there is more to look through than one read may.
    """
    after, project, id_ = wanted.after or (wanted.since, "", "")
    params: dict[str, Param] = {
        "from": wanted.since,
        "to": wanted.until,
        "limit": wanted.limit,
        "project": wanted.project_id,
        "type": wanted.type,
        "name": wanted.name,
        "user": wanted.user_id,
        "text": wanted.text,
        "after": after,
        "after_project": project,
        "after_id": id_,
    }
    return store.read(fixed_read("platform_events"), params, PlatformScope())


def events_total(store: Store) -> int:
    """How many events are stored."""
    return int(store.read(fixed_read("events_total"), {}, PlatformScope())[0]["events"])
