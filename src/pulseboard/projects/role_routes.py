"""Other roles of members in single projects, over HTTP."""

from litestar import delete, get, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.audit import Caller
from pulseboard.db import Database, page
from pulseboard.kit.clock import Clock
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.projects import queries, roles
from pulseboard.projects.models import ProjectRole
from pulseboard.projects.schemas import ProjectRoleIn, ProjectRoleList, ProjectRoleOut
from pulseboard.projects.scope import project_row

LIST = "/api/v1/projects/{project_id:str}/roles"
ONE = LIST + "/{member_id:str}"


@get(LIST, tags=["members"], sync_to_thread=True)
def list_project_roles(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> ProjectRoleList:
    """Which members have another role in this project than in the organisation."""
    with db.read() as session:
        project = project_row(session, actor, project_id, "project-roles.read")
        found = page(session, queries.roles_in(project.id), ProjectRole.membership_id, limit, cursor)
    items = [_out(roles.Colleague(membership, user, role.role)) for role, membership, user in found.rows]
    return ProjectRoleList(items=items, total=found.total, next_cursor=found.next_cursor)


@put(ONE, opt={"problems": (409,)}, tags=["members"], sync_to_thread=True)
def set_project_role(
    project_id: FromPath[str],
    member_id: FromPath[str],
    data: JSONBody[ProjectRoleIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> ProjectRoleOut:
    """Gives a member a higher or a lower role in this project alone."""
    with db.write() as session:
        return _out(roles.set_role(session, caller, actor, project_id, member_id, data.role, clock()))


@delete(ONE, tags=["members"], sync_to_thread=True)
def remove_project_role(
    project_id: FromPath[str],
    member_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> None:
    """Lets the member's role in the organisation count in this project again."""
    with db.write() as session:
        roles.remove_role(session, caller, actor, project_id, member_id, clock())


def _out(found: roles.Colleague) -> ProjectRoleOut:
    return ProjectRoleOut(
        member_id=found.membership.id,
        user_id=found.user.id,
        email=found.user.email,
        name=found.user.name,
        role=found.role,  # type: ignore[arg-type]
        org_role=found.membership.role,  # type: ignore[arg-type]
    )


routes = [list_project_roles, set_project_role, remove_project_role]
