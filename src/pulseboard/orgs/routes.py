"""Organisations over HTTP."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody

from pulseboard.accounts import Actor, person
from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import service
from pulseboard.orgs.models import Org
from pulseboard.orgs.paging import Cursor, Limit
from pulseboard.orgs.permissions import Role
from pulseboard.orgs.ports import GivenKeys
from pulseboard.orgs.schemas import OrgIn, OrgList, OrgOut, OrgPatch
from pulseboard.orgs.scope import org_for, org_row, visible_orgs
from pulseboard.orgs.views import OrgView, view_of


@post("/api/v1/orgs", tags=["orgs"], sync_to_thread=True)
def create_org(
    data: JSONBody[OrgIn], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> OrgOut:
    """Makes an organisation owned by the caller."""
    with db.write() as session:
        made = service.make_wanted_org(session, caller, person(actor).user_id, data.name, clock())
        return org_out(view_of(made), "owner")


@get("/api/v1/orgs", tags=["orgs"], sync_to_thread=True)
def list_orgs(
    actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None, deleted: FromQuery[bool] = False
) -> OrgList:
    """The caller's organisations, oldest first; `deleted=true` lists those that can still be restored."""
    person(actor)
    with db.read() as session:
        found = page(session, visible_orgs(actor, deleted=deleted), Org.id, limit, cursor)
    items = [org_out(view_of(org), role) for org, role in found.rows]
    return OrgList(items=items, total=found.total, next_cursor=found.next_cursor)


@get("/api/v1/orgs/{org_id:str}", tags=["orgs"], sync_to_thread=True)
def get_org(org_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> OrgOut:
    """One organisation."""
    with db.read() as session:
        return org_out(*org_for(session, actor, org_id, "org.read"))


@patch("/api/v1/orgs/{org_id:str}", tags=["orgs"], sync_to_thread=True)
def update_org(
    org_id: FromPath[str],
    data: JSONBody[OrgPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> OrgOut:
    """Renames an organisation."""
    with db.write() as session:
        org, role = org_row(session, actor, org_id, "org.change")
        if isinstance(data.name, str):
            service.rename_org(session, caller, org, data.name, clock())
        return org_out(view_of(org), role)


@delete("/api/v1/orgs/{org_id:str}", opt={"problems": (409,)}, tags=["orgs"], sync_to_thread=True)
def delete_org(
    org_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> None:
    """Deletes an organisation: its keys stop at once, and it can be restored for 30 days."""
    with db.write() as session:
        org, _ = org_row(session, actor, org_id, "org.delete")
        service.delete_org(session, caller, org, clock())
        after_commit(session, lambda: grants.forget(org_id=org_id))


@post("/api/v1/orgs/{org_id:str}/restore", status_code=200, tags=["orgs"], sync_to_thread=True)
def restore_org(
    org_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> OrgOut:
    """Brings a deleted organisation back, its keys included."""
    with db.write() as session:
        org, role = org_row(session, actor, org_id, "org.restore", deleted=True)
        service.restore_org(session, caller, org, clock())
        after_commit(session, lambda: grants.forget(org_id=org_id))
        return org_out(view_of(org), role)


def org_out(org: OrgView, role: Role) -> OrgOut:
    """The organisation as an answer."""
    return OrgOut(
        id=org.id,
        name=org.name,
        role=role,
        personal=org.personal,
        created_at=rfc3339(org.created_at),
        disabled_at=rfc3339(org.disabled_at) if org.disabled_at else None,
        deleted_at=rfc3339(org.deleted_at) if org.deleted_at else None,
    )


routes = [create_org, list_orgs, get_org, update_org, delete_org, restore_org]
