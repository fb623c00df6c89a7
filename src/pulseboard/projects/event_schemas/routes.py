"""The JSON Schemas of a project's events over HTTP."""

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit
from pulseboard.projects.event_schemas import queries, service
from pulseboard.projects.event_schemas.schemas import (
    EventSchemaIn,
    EventSchemaList,
    EventSchemaOut,
    EventSchemaPatch,
)
from pulseboard.projects.models import EventSchema
from pulseboard.projects.scope import project_row

LIST = "/api/v1/projects/{project_id:str}/event-schemas"
ONE = LIST + "/{schema_id:str}"


@post(LIST, opt={"problems": (409,)}, tags=["event schemas"], sync_to_thread=True)
def create_event_schema(
    project_id: FromPath[str],
    data: JSONBody[EventSchemaIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> EventSchemaOut:
    """Attaches a JSON Schema to an event name; events that come from now on are checked."""
    with db.write() as session:
        made = service.make_schema(session, caller, actor, project_id, data, clock())
        after_commit(session, lambda: grants.forget(project_id=project_id))
        return _out(made)


@get(LIST, tags=["event schemas"], sync_to_thread=True)
def list_event_schemas(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> EventSchemaList:
    """The project's event schemas, oldest first."""
    with db.read() as session:
        project = project_row(session, actor, project_id, "schemas.read")
        found = page(session, queries.schemas_of(project.id), EventSchema.id, limit, cursor)
    items = [_out(row) for (row,) in found.rows]
    return EventSchemaList(items=items, total=found.total, next_cursor=found.next_cursor)


@get(ONE, tags=["event schemas"], sync_to_thread=True)
def get_event_schema(
    project_id: FromPath[str], schema_id: FromPath[str], actor: Given[Actor], db: Given[Database]
) -> EventSchemaOut:
    """One event schema."""
    with db.read() as session:
        return _out(service.schema_row(session, actor, project_id, schema_id, "schemas.read"))


@patch(ONE, opt={"problems": (409,)}, tags=["event schemas"], sync_to_thread=True)
def update_event_schema(
    project_id: FromPath[str],
    schema_id: FromPath[str],
    data: JSONBody[EventSchemaPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> EventSchemaOut:
    """Changes what the body names."""
    with db.write() as session:
        row = service.change_schema(session, caller, actor, project_id, schema_id, data, clock())
        after_commit(session, lambda: grants.forget(project_id=project_id))
        return _out(row)


@delete(ONE, tags=["event schemas"], sync_to_thread=True)
def delete_event_schema(
    project_id: FromPath[str],
    schema_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> None:
    """Removes a schema; events of that name are no longer checked."""
    with db.write() as session:
        service.delete_schema(session, caller, actor, project_id, schema_id, clock())
        after_commit(session, lambda: grants.forget(project_id=project_id))


def _out(row: EventSchema) -> EventSchemaOut:
    return EventSchemaOut(
        id=row.id,
        event_name=row.event_name,
        mode=row.mode,  # type: ignore[arg-type]
        schema=msgspec.json.decode(row.body),
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
    )


routes = [create_event_schema, list_event_schemas, get_event_schema, update_event_schema, delete_event_schema]
