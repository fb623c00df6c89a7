"""The same projects by other names: MetricPulse's websites, and the fifth brief's tenants."""

import hmac
from dataclasses import replace
from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, HeaderParameter, JSONBody

from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit, page
from pulseboard.errors import Forbidden, Unauthenticated
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit
from pulseboard.projects import keys, queries, service
from pulseboard.projects.models import Project
from pulseboard.projects.schemas import TenantIn, TenantOut, WebsiteIn, WebsiteList, WebsiteOut
from pulseboard.projects.scope import project_row, visible_projects
from pulseboard.projects.terms import GivenPlans
from pulseboard.settings import Settings

AdminKey = Annotated[str, HeaderParameter(name="x-api-key", max_length=500, required=False)]


@post("/api/v1/websites", opt={"problems": (402, 404)}, tags=["websites"], sync_to_thread=True)
def create_website(
    data: JSONBody[WebsiteIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    plans: GivenPlans,
    clock: Given[Clock],
) -> WebsiteOut:
    """Makes a project with a domain."""
    with db.write() as session:
        return _website_out(service.make_website(session, caller, actor, data, plans, clock()))


@get("/api/v1/websites", tags=["websites"], sync_to_thread=True)
def list_websites(actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None) -> WebsiteList:
    """The projects with a domain that the caller sees, oldest first."""
    with db.read() as session:
        found = page(session, queries.with_domain(visible_projects(actor)), Project.id, limit, cursor)
    items = [_website_out(project) for project, _role in found.rows]
    return WebsiteList(items=items, total=found.total, next_cursor=found.next_cursor)


@delete("/api/v1/websites/{website_id:str}", tags=["websites"], sync_to_thread=True)
def delete_website(
    website_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> None:
    """Deletes the project behind a website."""
    with db.write() as session:
        project = project_row(session, actor, website_id, "project.delete")
        service.delete_project(session, caller, project, clock())
        after_commit(session, lambda: grants.forget(project_id=website_id))


@post(
    "/api/v1/tenants",
    opt={
        "public": True,
        "limited_by_address": True,
        "problems": (401, 403),
        "secrets": ("apiKey",),
        "idempotent": True,
    },
    tags=["tenants"],
    sync_to_thread=True,
)
def create_tenant(
    data: JSONBody[TenantIn],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    admin_key: AdminKey = "",
) -> TenantOut:
    """Makes an organisation, its project and a secret key; for the holder of the platform's admin key."""
    _check_admin_key(settings.access.admin_key, admin_key)
    name = data.name.strip()
    with db.write() as session:
        org_id, key = keys.make_tenant(session, replace(caller, kind="platform"), name, clock())
    return TenantOut(id=org_id, name=name, api_key=key)


def _check_admin_key(expected: str, given: str) -> None:
    if not given:
        raise Unauthenticated("The platform's admin key is needed, in the x-api-key header")
    if not expected:
        raise Forbidden("This installation has no admin key, so nobody can make tenants")
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Unauthenticated("This is not the platform's admin key")


def _website_out(project: Project) -> WebsiteOut:
    return WebsiteOut(
        id=project.id, name=project.name, domain=project.domains[0], created_at=rfc3339(project.created_at)
    )


routes = [create_website, list_websites, delete_website, create_tenant]
