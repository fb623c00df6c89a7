"""Projects and keys over HTTP."""

from typing import Annotated, Any

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import structs

from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit, org_for
from pulseboard.projects import queries, service
from pulseboard.projects.models import ApiKey, Project
from pulseboard.projects.schemas import (
    KeyIn,
    KeyList,
    KeyOut,
    KeyPatch,
    NewKeyOut,
    ProjectIn,
    ProjectList,
    ProjectOut,
    ProjectPatch,
    ProjectWithKeyOut,
    RotateIn,
)
from pulseboard.projects.scope import key_row, project_row, visible_projects
from pulseboard.projects.terms import GivenPlans

OrgFilter = Annotated[str | None, QueryParameter(name="orgId", max_length=36, description="Only this organisation's.")]


@post("/api/v1/projects", opt={"problems": (402, 404)}, tags=["projects"], sync_to_thread=True)
def create_project(
    data: JSONBody[ProjectIn], actor: Given[Actor], db: Given[Database], plans: GivenPlans, clock: Given[Clock]
) -> ProjectOut:
    """Makes a project."""
    with db.write() as session:
        return project_out(service.make_project(session, actor, data, plans, clock()))


@post("/api/projects", opt={"problems": (402, 404)}, tags=["projects"], sync_to_thread=True)
def create_project_with_key(
    data: JSONBody[ProjectIn], actor: Given[Actor], db: Given[Database], plans: GivenPlans, clock: Given[Clock]
) -> ProjectWithKeyOut:
    """Makes a project and its secret key in one call, as TrackMint's clients expect."""
    with db.write() as session:
        now = clock()
        project = service.make_project(session, actor, data, plans, now)
        made = service.add_key(session, project, "default", "secret", now)
        return ProjectWithKeyOut(api_key=made.key, **structs.asdict(project_out(project)))


@get("/api/v1/projects", tags=["projects"], sync_to_thread=True)
def list_projects(
    actor: Given[Actor], db: Given[Database], org_id: OrgFilter = None, limit: Limit = 50, cursor: Cursor = None
) -> ProjectList:
    """The projects that the caller sees, oldest first; a secret key sees its own."""
    listing = visible_projects(actor)
    with db.read() as session:
        if org_id is not None:
            listing = queries.of_org(listing, org_for(session, actor, org_id, "project.read")[0].id)
        found = page(session, listing, Project.id, limit, cursor)
    items = [project_out(project) for project, _role in found.rows]
    return ProjectList(items=items, total=found.total, next_cursor=found.next_cursor)


@get("/api/v1/projects/{project_id:str}", tags=["projects"], sync_to_thread=True)
def get_project(project_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> ProjectOut:
    """One project."""
    with db.read() as session:
        return project_out(project_row(session, actor, project_id, "project.read"))


@patch("/api/v1/projects/{project_id:str}", tags=["projects"], sync_to_thread=True)
def update_project(
    project_id: FromPath[str], data: JSONBody[ProjectPatch], actor: Given[Actor], db: Given[Database]
) -> ProjectOut:
    """Changes what the body names."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "project.change")
        service.change_project(project, data)
        return project_out(project)


@delete("/api/v1/projects/{project_id:str}", tags=["projects"], sync_to_thread=True)
def delete_project(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], clock: Given[Clock], grants: GivenKeys
) -> None:
    """Deletes a project; its keys stop at once."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "project.delete")
        service.delete_project(project, clock())
        after_commit(session, lambda: grants.forget(project_id=project_id))


@post("/api/v1/projects/{project_id:str}/api-keys", tags=["keys"], sync_to_thread=True)
def create_api_key(
    project_id: FromPath[str], data: JSONBody[KeyIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]
) -> NewKeyOut:
    """Makes a key and shows it this once."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "keys.change")
        return _new_key_out(service.make_wanted_key(session, project, data, clock()))


@get("/api/v1/projects/{project_id:str}/api-keys", tags=["keys"], sync_to_thread=True)
def list_api_keys(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> KeyList:
    """The project's keys, oldest first, without the keys themselves."""
    with db.read() as session:
        project = project_row(session, actor, project_id, "keys.read")
        found = page(session, queries.keys_of(project.id), ApiKey.id, limit, cursor)
    items = [KeyOut(**_key_fields(row)) for (row,) in found.rows]
    return KeyList(items=items, total=found.total, next_cursor=found.next_cursor)


@patch("/api/v1/projects/{project_id:str}/api-keys/{key_id:str}", tags=["keys"], sync_to_thread=True)
def update_api_key(
    project_id: FromPath[str],
    key_id: FromPath[str],
    data: JSONBody[KeyPatch],
    actor: Given[Actor],
    db: Given[Database],
    grants: GivenKeys,
) -> KeyOut:
    """Revokes a key, makes it work again, renames it, or says from which web pages it may be used."""
    with db.write() as session:
        _, row = key_row(session, actor, project_id, key_id, "keys.change")
        service.change_key(row, data)
        after_commit(session, lambda: grants.forget(key_id=key_id))
        return KeyOut(**_key_fields(row))


@delete("/api/v1/projects/{project_id:str}/api-keys/{key_id:str}", tags=["keys"], sync_to_thread=True)
def delete_api_key(
    project_id: FromPath[str], key_id: FromPath[str], actor: Given[Actor], db: Given[Database], grants: GivenKeys
) -> None:
    """Removes a key for good."""
    with db.write() as session:
        session.delete(key_row(session, actor, project_id, key_id, "keys.change")[1])
        after_commit(session, lambda: grants.forget(key_id=key_id))


@post("/api/v1/projects/{project_id:str}/api-keys/{key_id:str}/rotate", tags=["keys"], sync_to_thread=True)
def rotate_api_key(
    project_id: FromPath[str],
    key_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
    data: JSONBody[RotateIn | None] = None,
) -> NewKeyOut:
    """Makes a key with the same label, scope and origins; the old one lives on for `graceSeconds`."""
    with db.write() as session:
        project, old = key_row(session, actor, project_id, key_id, "keys.change")
        grace = data.grace_seconds if data else 0
        made = service.rotate_key(session, project, old, grace, clock())
        after_commit(session, lambda: grants.forget(key_id=key_id))
        return _new_key_out(made)


def project_out(project: Project) -> ProjectOut:
    """The row as an answer."""
    return ProjectOut(
        id=project.id,
        org_id=project.org_id,
        name=project.name,
        description=project.description,
        environment=project.environment,  # type: ignore[arg-type]
        domains=list(project.domains),
        timezone=project.timezone,
        created_at=rfc3339(project.created_at),
    )


def _key_fields(row: ApiKey) -> dict[str, Any]:
    return {
        "id": row.id,
        "prefix": row.prefix,
        "label": row.label,
        "scope": row.scope,
        "status": row.status,
        "allowed_origins": list(row.allowed_origins),
        "created_at": rfc3339(row.created_at),
        "last_used_at": rfc3339(row.last_used_at) if row.last_used_at else None,
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
    }


def _new_key_out(made: service.NewKey) -> NewKeyOut:
    return NewKeyOut(key=made.key, **_key_fields(made.row))


routes = [
    create_project,
    create_project_with_key,
    list_projects,
    get_project,
    update_project,
    delete_project,
    create_api_key,
    list_api_keys,
    update_api_key,
    delete_api_key,
    rotate_api_key,
]
