"""Projects over HTTP."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import structs

from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit, org_for
from pulseboard.projects import keys, queries, service
from pulseboard.projects.models import Project
from pulseboard.projects.schemas import (
    AlertDefaultsOut,
    ChannelOut,
    ProjectIn,
    ProjectList,
    ProjectOut,
    ProjectPatch,
    ProjectWithKeyOut,
)
from pulseboard.projects.scope import project_row, visible_projects
from pulseboard.projects.terms import GivenPlans

OrgFilter = Annotated[str | None, QueryParameter(name="orgId", max_length=36, description="Only this organisation's.")]


@post("/api/v1/projects", opt={"problems": (402, 404)}, tags=["projects"], sync_to_thread=True)
def create_project(
    data: JSONBody[ProjectIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    plans: GivenPlans,
    clock: Given[Clock],
) -> ProjectOut:
    """Makes a project."""
    with db.write() as session:
        return project_out(service.make_project(session, caller, actor, data, plans, clock()))


@post("/api/projects", opt={"problems": (402, 404), "secrets": ("apiKey",)}, tags=["projects"], sync_to_thread=True)
def create_project_with_key(
    data: JSONBody[ProjectIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    plans: GivenPlans,
    clock: Given[Clock],
) -> ProjectWithKeyOut:
    """Makes a project and its secret key in one call, as TrackMint's clients expect."""
    with db.write() as session:
        now = clock()
        project = service.make_project(session, caller, actor, data, plans, now)
        made = keys.add_key(session, caller, project, "default", "secret", now)
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
    project_id: FromPath[str],
    data: JSONBody[ProjectPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> ProjectOut:
    """Changes what the body names."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "project.change")
        service.change_project(session, caller, project, data, clock())
        return project_out(project)


@delete("/api/v1/projects/{project_id:str}", tags=["projects"], sync_to_thread=True)
def delete_project(
    project_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> None:
    """Deletes a project; its keys stop at once."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "project.delete")
        service.delete_project(session, caller, project, clock())
        after_commit(session, lambda: grants.forget(project_id=project_id))


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
        alert_defaults=AlertDefaultsOut(
            [ChannelOut(each.type, each.target) for each in project.alert_defaults.channels],
            project.alert_defaults.window,
        ),
        created_at=rfc3339(project.created_at),
    )


routes = [
    create_project,
    create_project_with_key,
    list_projects,
    get_project,
    update_project,
    delete_project,
]
