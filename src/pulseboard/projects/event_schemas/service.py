"""Making and changing the schemas of a project's events."""

from datetime import datetime, timedelta

import msgspec
from msgspec import UnsetType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.audit import Caller, Target
from pulseboard.errors import Conflict, NotFound
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import Actor, check
from pulseboard.projects.event_schemas import queries
from pulseboard.projects.event_schemas.bounds import Json
from pulseboard.projects.event_schemas.queries import Shelf
from pulseboard.projects.event_schemas.rules import compile_rule
from pulseboard.projects.event_schemas.schemas import EventSchemaIn, EventSchemaPatch
from pulseboard.projects.journal import record
from pulseboard.projects.models import EventSchema
from pulseboard.projects.scope import no_project

MAX_SCHEMAS = 200  # of a project
MAX_TOTAL = 1024 * 1024  # characters of all schemas of a project
_TICK = timedelta(microseconds=1)


def schema_row(session: Session, actor: Actor, project_id: str, schema_id: str, action: str) -> EventSchema:
    """A project's schema.

    Raises:
        NotFound: no such project for this actor, or no such schema in it.
        Forbidden: the actor may not do this.
    """
    return _one(session, actor, project_id, schema_id, action)[1]


def make_schema(
    session: Session, caller: Caller, actor: Actor, project_id: str, data: EventSchemaIn, now: datetime
) -> EventSchema:
    """A new schema of one event name.

    Raises:
        NotFound, Forbidden: no such project for this actor, or they may not do this.
        Invalid: no JSON Schema, or one that could cost too much.
        Conflict: the event name has one already, or the project has too many.
    """
    shelf = _shelf(session, actor, project_id, None, "schemas.change")
    body = _body(data.schema)
    _check_room(shelf, schemas=1, characters=len(body))
    row = EventSchema(
        id=new_id(),
        project_id=shelf.project.id,
        event_name=data.event_name,
        mode=data.mode,
        body=body,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    _flush(session, data.event_name)
    record(session, caller, now, "event-schema.made", shelf.project, after=_told(row), target=_target(row))
    return row


def change_schema(
    session: Session,
    caller: Caller,
    actor: Actor,
    project_id: str,
    schema_id: str,
    data: EventSchemaPatch,
    now: datetime,
) -> EventSchema:
    """Applies what the patch names.

    Raises:
        NotFound, Forbidden: as ``schema_row``.
        Invalid, Conflict: as for a new one.
    """
    shelf, row = _one(session, actor, project_id, schema_id, "schemas.change")
    before = _told(row)
    if not isinstance(data.schema, UnsetType):
        body = _body(data.schema)
        _check_room(shelf, schemas=0, characters=len(body) - len(row.body))
        row.body = body
    if not isinstance(data.event_name, UnsetType):
        row.event_name = data.event_name
    if not isinstance(data.mode, UnsetType):
        row.mode = data.mode
    # Compiled ones are known by this moment, so it moves on even where the clock does not.
    row.updated_at = max(now, row.updated_at + _TICK)
    _flush(session, row.event_name)
    record(session, caller, now, "event-schema.changed", shelf.project, before, _told(row), target=_target(row))
    return row


def delete_schema(
    session: Session, caller: Caller, actor: Actor, project_id: str, schema_id: str, now: datetime
) -> None:
    """Removes the schema.

    Raises:
        NotFound, Forbidden: as ``schema_row``.
    """
    shelf, row = _one(session, actor, project_id, schema_id, "schemas.change")
    session.delete(row)
    record(session, caller, now, "event-schema.deleted", shelf.project, before=_told(row), target=_target(row))


def _one(session: Session, actor: Actor, project_id: str, schema_id: str, action: str) -> tuple[Shelf, EventSchema]:
    found = _shelf(session, actor, project_id, schema_id, action)
    if found.schema is None:
        raise NotFound("There is no such event schema")
    return found, found.schema


def _shelf(session: Session, actor: Actor, project_id: str, schema_id: str | None, action: str) -> Shelf:
    valid = is_uuid(project_id) and (schema_id is None or is_uuid(schema_id))
    found = queries.shelf(session, actor, project_id, schema_id) if valid else None
    if found is None:
        raise no_project()
    check(actor, found.role, action)
    return found


def _told(row: EventSchema) -> dict[str, object]:
    return {"eventName": row.event_name, "mode": row.mode, "schema": row.body}


def _target(row: EventSchema) -> Target:
    return Target("event-schema", row.id, row.event_name)


def _body(schema: Json) -> str:
    compile_rule(schema, "warn")
    return msgspec.json.encode(schema).decode()


def _check_room(shelf: Shelf, *, schemas: int, characters: int) -> None:
    if shelf.schemas + schemas > MAX_SCHEMAS:
        raise Conflict(f"A project has at most {MAX_SCHEMAS} event schemas")
    if characters > 0 and shelf.characters + characters > MAX_TOTAL:
        raise Conflict(f"The event schemas of a project have at most {MAX_TOTAL // 1024} KiB together")


def _flush(session: Session, event_name: str) -> None:
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict(f"The event {event_name} has a schema already") from twice
