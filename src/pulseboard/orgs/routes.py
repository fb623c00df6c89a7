"""Organisations and members over HTTP."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from pulseboard.accounts import Actor, User, person
from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import queries, service
from pulseboard.orgs.models import Membership, Org
from pulseboard.orgs.permissions import Role
from pulseboard.orgs.ports import GivenKeys
from pulseboard.orgs.schemas import MemberIn, MemberList, MemberOut, MemberPatch, OrgIn, OrgList, OrgOut, OrgPatch
from pulseboard.orgs.scope import org_for, visible_orgs

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many to return at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=100, description="`nextCursor` of the page before.")]


@post("/api/v1/orgs", tags=["orgs"], sync_to_thread=True)
def create_org(data: JSONBody[OrgIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]) -> OrgOut:
    """Makes an organisation owned by the caller."""
    with db.write() as session:
        return _out(service.make_owned_org(session, person(actor).user_id, data.name, clock()), "owner")


@get("/api/v1/orgs", tags=["orgs"], sync_to_thread=True)
def list_orgs(
    actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None, deleted: FromQuery[bool] = False
) -> OrgList:
    """The caller's organisations, oldest first; `deleted=true` lists those that can still be restored."""
    person(actor)
    with db.read() as session:
        found = page(session, visible_orgs(actor, deleted=deleted), Org.id, limit, cursor)
    items = [_out(org, role) for org, role in found.rows]
    return OrgList(items=items, total=found.total, next_cursor=found.next_cursor)


@get("/api/v1/orgs/{org_id:str}", tags=["orgs"], sync_to_thread=True)
def get_org(org_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> OrgOut:
    """One organisation."""
    with db.read() as session:
        return _out(*org_for(session, actor, org_id, "org.read"))


@patch("/api/v1/orgs/{org_id:str}", tags=["orgs"], sync_to_thread=True)
def update_org(org_id: FromPath[str], data: JSONBody[OrgPatch], actor: Given[Actor], db: Given[Database]) -> OrgOut:
    """Renames an organisation."""
    with db.write() as session:
        org, role = org_for(session, actor, org_id, "org.change")
        if isinstance(data.name, str):
            org.name = data.name.strip()
        return _out(org, role)


@delete("/api/v1/orgs/{org_id:str}", opt={"problems": (409,)}, tags=["orgs"], sync_to_thread=True)
def delete_org(
    org_id: FromPath[str], actor: Given[Actor], db: Given[Database], clock: Given[Clock], grants: GivenKeys
) -> None:
    """Deletes an organisation: its keys stop at once, and it can be restored for 30 days."""
    with db.write() as session:
        org, _ = org_for(session, actor, org_id, "org.delete")
        service.delete_org(org, clock())
        after_commit(session, lambda: grants.forget(org_id=org_id))


@post("/api/v1/orgs/{org_id:str}/restore", status_code=200, tags=["orgs"], sync_to_thread=True)
def restore_org(
    org_id: FromPath[str], actor: Given[Actor], db: Given[Database], clock: Given[Clock], grants: GivenKeys
) -> OrgOut:
    """Brings a deleted organisation back, its keys included."""
    with db.write() as session:
        org, role = org_for(session, actor, org_id, "org.restore", deleted=True)
        service.restore_org(org, clock())
        after_commit(session, lambda: grants.forget(org_id=org_id))
        return _out(org, role)


@get("/api/v1/orgs/{org_id:str}/members", tags=["members"], sync_to_thread=True)
def list_members(
    org_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> MemberList:
    """Who belongs to the organisation, oldest first."""
    with db.read() as session:
        org_for(session, actor, org_id, "members.read")
        found = page(session, queries.members(org_id), Membership.id, limit, cursor)
    items = [_member_out(membership, user) for membership, user in found.rows]
    return MemberList(items=items, total=found.total, next_cursor=found.next_cursor)


@post("/api/v1/orgs/{org_id:str}/members", opt={"problems": (409,)}, tags=["members"], sync_to_thread=True)
def add_member(
    org_id: FromPath[str], data: JSONBody[MemberIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]
) -> MemberOut:
    """Adds a person who is registered here."""
    with db.write() as session:
        return _member_out(*service.add_member(session, actor, org_id, data.email, data.role, clock()))


@patch(
    "/api/v1/orgs/{org_id:str}/members/{member_id:str}", opt={"problems": (409,)}, tags=["members"], sync_to_thread=True
)
def update_member(
    org_id: FromPath[str],
    member_id: FromPath[str],
    data: JSONBody[MemberPatch],
    actor: Given[Actor],
    db: Given[Database],
) -> MemberOut:
    """Gives a member another role; owners are made and unmade by owners, and one stays."""
    with db.write() as session:
        return _member_out(*service.change_role(session, actor, org_id, member_id, data.role))


@delete(
    "/api/v1/orgs/{org_id:str}/members/{member_id:str}", opt={"problems": (409,)}, tags=["members"], sync_to_thread=True
)
def remove_member(org_id: FromPath[str], member_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> None:
    """Removes a member; everybody may remove themselves, except the last owner."""
    with db.write() as session:
        service.remove_member(session, actor, org_id, member_id)


def _out(org: Org, role: Role) -> OrgOut:
    return OrgOut(
        id=org.id,
        name=org.name,
        role=role,
        personal=org.personal_user_id is not None,
        created_at=rfc3339(org.created_at),
        deleted_at=rfc3339(org.deleted_at) if org.deleted_at else None,
    )


def _member_out(membership: Membership, user: User) -> MemberOut:
    return MemberOut(
        id=membership.id,
        user_id=user.id,
        email=user.email,
        name=user.name,
        role=membership.role,  # type: ignore[arg-type]
        status=user.status,
        created_at=rfc3339(membership.created_at),
    )


routes = [
    create_org,
    list_orgs,
    get_org,
    update_org,
    delete_org,
    restore_org,
    list_members,
    add_member,
    update_member,
    remove_member,
]
