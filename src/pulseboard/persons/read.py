"""The list of a project's persons, and one person's profile."""

import base64
from datetime import datetime

from msgspec import json

from pulseboard.errors import Invalid
from pulseboard.insights import Frame, MetaOut, moment
from pulseboard.kit.clock import rfc3339
from pulseboard.persons.schemas import DeviceOut, PersonList, PersonOut, PlaceOut, ProfileOut
from pulseboard.persons.who import Person, nobody
from pulseboard.store import Listed, Row, Store, persons_list, persons_profile

LATEST = 2**62  # ms since 1970; no event is as late


def list_of(
    store: Store, frame: Frame, search: str, limit: int, before: tuple[int, int] | None, meta: MetaOut
) -> PersonList:
    """One page of the persons with events in the frame, whatever its filters."""
    asked = Listed(frame.period.since, frame.period.until, limit, search, before)
    rows = persons_list(store, frame.scope.project_id, asked)
    page = rows[:limit]
    following = _cursor(page[-1]) if len(rows) > limit else None
    return PersonList([_listed(row) for row in page], rows[0]["total"] if rows else 0, following, meta)


def read_cursor(cursor: str) -> tuple[int, int]:
    """When the last person of the page before was seen, and their number.

    Raises:
        Invalid: it is none of ours.
    """
    try:
        at, _, who = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").partition(".")
        found = int(at), int(who)
    except ValueError:
        found = -1, -1
    if not (0 <= found[0] < LATEST and 0 <= found[1] < 2**32):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return found


def profile(store: Store, project_id: str, person: Person, since: datetime) -> ProfileOut:
    """What the person's events since a moment say.

    Raises:
        NotFound: there are none.
    """
    row = persons_profile(store, project_id, person.numbers, since)
    if row is None:
        raise nobody()
    anonymous = person.anonymous_ids
    return ProfileOut(
        id=person.user_id or anonymous[0],
        user_id=person.user_id,
        anonymous_ids=anonymous,
        first_seen_at=_time(row["first_ms"]),
        last_seen_at=_time(row["last_ms"]),
        events=row["events"],
        sessions=row["sessions"],
        errors=row["errors"],
        place=PlaceOut(*row["place"]) if row["place"][0] else None,
        device=DeviceOut(*row["device"]) if any(row["device"]) else None,
        properties=json.decode(row["traits"] or b"{}"),
    )


def _listed(row: Row) -> PersonOut:
    return PersonOut(
        id=row["user"] or row["anonymous"],
        user_id=row["user"],
        anonymous_id=row["anonymous"],
        first_seen_at=_time(row["first_ms"]),
        last_seen_at=_time(row["last_ms"]),
        events=row["events"],
        sessions=row["sessions"],
    )


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row['last_ms']}.{row['who']}".encode()).decode()


def _time(since_1970: int) -> str:
    return rfc3339(moment(since_1970))
