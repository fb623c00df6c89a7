"""Everybody's events over HTTP: for finding out what a tenant's question is about."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter, SkipValidation
from msgspec import Meta, json

from pulseboard.admin import queries
from pulseboard.admin.guard import superadmin
from pulseboard.audit import PLATFORM, Caller, Target, record
from pulseboard.db import Database
from pulseboard.errors import Invalid
from pulseboard.kit.clock import Clock, rfc3339_of
from pulseboard.kit.ids import is_uuid
from pulseboard.kit.wire import Out, Timestamp
from pulseboard.orgs import Actor, From, Limit, To, parse_moment
from pulseboard.store import EventSearch, Row, Store, search_events

LONGEST = timedelta(days=31)
USUAL = timedelta(days=1)
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2261, 1, 1, tzinfo=UTC)  # what the store's times can be

Word = Annotated[str, QueryParameter(max_length=200, description="Exactly this one.")]
ProjectId = Annotated[str, QueryParameter(name="projectId", max_length=36, description="Only of this project.")]
UserId = Annotated[str, QueryParameter(name="userId", max_length=200, description="A user's or anonymous id.")]
Text = Annotated[
    str, QueryParameter(name="search", max_length=200, description="A part of name, message, URL or properties.")
]
EventCursor = Annotated[str | None, QueryParameter(max_length=700, description="`nextCursor` of the page before.")]


class PlatformEventOut(Out):
    id: str
    project_id: str
    project_name: str | None
    org_id: Annotated[str | None, Meta(description="Null when the organisation is gone for good.")]
    type: str
    name: str
    timestamp: Timestamp
    received_at: Timestamp
    user_id: str
    anonymous_id: str
    session_id: str
    url: str
    message: str
    status_code: int | None
    environment: str
    properties: dict[str, Any]


class PlatformEventList(Out):
    """``total`` is null: counting would look through everything."""

    items: list[PlatformEventOut]
    total: None
    next_cursor: str | None


@get("/api/v1/admin/events", tags=["admin"], sync_to_thread=True)
def search_all_events(
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    store: Given[SkipValidation[Store]],
    clock: Given[Clock],
    search: Text = "",
    type_: Annotated[str, QueryParameter(name="type", max_length=200, description="Compared without case.")] = "",
    name: Word = "",
    user_id: UserId = "",
    project_id: ProjectId = "",
    since: From = None,
    until: To = None,
    limit: Limit = 50,
    cursor: EventCursor = None,
) -> PlatformEventList:
    """Events of all projects, newest first, of a day unless said otherwise and of 31 at most; for superadmins.

    Each search is an entry of the platform's audit log.
    """
    superadmin(actor)
    start, end = _period(since, until, clock())
    after = read_cursor(cursor) if cursor is not None else None
    if project_id and not is_uuid(project_id):
        raise Invalid.field("projectId", "is no project's id")
    wanted = EventSearch(start, end, limit + 1, project_id, type_, name, user_id, search, after)
    if after is None:
        _note(db, caller, clock(), wanted)
    rows = search_events(store, wanted)
    with db.read() as session:
        projects = queries.projects_of(session, {row["project"] for row in rows})
    items = [_event_out(row, *projects.get(row["project"], (None, None))) for row in rows[:limit]]
    return PlatformEventList(items, None, _cursor(rows[limit - 1]) if len(rows) > limit else None)


def _period(since: str | None, until: str | None, now: datetime) -> tuple[datetime, datetime]:
    end = parse_moment("to", until) or now + USUAL  # events may be from clocks that are a day ahead
    start = parse_moment("from", since) or max(FIRST, (end if until else now) - USUAL)
    for path, moment in (("from", start), ("to", end)):
        if not FIRST <= moment <= LAST:
            raise Invalid.field(path, "is too far away")
    if start >= end:
        raise Invalid.field("to", "must come after from")
    if end - start > LONGEST + USUAL:
        raise Invalid.field("from", f"must be at most {LONGEST.days} days before to")
    return start, end


def _note(db: Database, caller: Caller, now: datetime, wanted: EventSearch) -> None:
    words = {
        "from": wanted.since,
        "to": wanted.until,
        "projectId": wanted.project_id,
        "type": wanted.type,
        "name": wanted.name,
        "userId": wanted.user_id,
        "search": wanted.text,
    }
    told = {name: value for name, value in words.items() if value}
    with db.write() as session:
        record(session, caller, now, "events.searched", Target("events", wanted.project_id or PLATFORM), after=told)


def read_cursor(cursor: str) -> tuple[datetime, str, str]:
    """The time, project and id that a cursor stands for.

    Raises:
        Invalid: it is none of ours.
    """
    try:
        at, project, id_ = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().split(".", 2)
        moment = datetime.fromtimestamp(int(at) // 1000, UTC).replace(microsecond=int(at) % 1000 * 1000)
    except (ValueError, OverflowError, OSError):
        raise Invalid.field("cursor", "is not a cursor of this list") from None
    if not (FIRST <= moment <= LAST and at.isdecimal() and is_uuid(project) and id_ and "\0" not in id_):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return moment, project, id_


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row['timestamp_ms']}.{row['project']}.{row['id']}".encode()).decode()


def _event_out(row: Row, project_name: str | None, org_id: str | None) -> PlatformEventOut:
    return PlatformEventOut(
        id=row["id"],
        project_id=row["project"],
        project_name=project_name,
        org_id=org_id,
        type=row["type"],
        name=row["name"],
        timestamp=rfc3339_of(row["timestamp_ms"]),
        received_at=rfc3339_of(row["received_ms"]),
        user_id=row["user_id"],
        anonymous_id=row["anonymous_id"],
        session_id=row["session_id"],
        url=row["url"],
        message=row["message"],
        status_code=row["status_code"] or None,
        environment=row["environment"],
        properties=json.decode(row["properties"] or b"{}"),
    )
