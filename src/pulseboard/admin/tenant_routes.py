"""Everybody's organisations and people over HTTP."""

from typing import Annotated

from litestar import get, patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter

from pulseboard.admin import queries, tenants
from pulseboard.admin.guard import superadmin
from pulseboard.admin.tenant_schemas import (
    AdminOrgList,
    AdminOrgOut,
    AdminOrgPatch,
    AdminUserList,
    AdminUserOut,
    AdminUserPatch,
    OrgStatus,
    Plan,
    Search,
    UserStatus,
)
from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit
from pulseboard.kit.clock import Clock
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit

ORGS = "/api/v1/admin/orgs"
USERS = "/api/v1/admin/users"
OfOrg = Annotated[OrgStatus | None, QueryParameter(name="status", description="Only those.")]
OfUser = Annotated[UserStatus | None, QueryParameter(name="status", description="Only those.")]
OnPlan = Annotated[Plan | None, QueryParameter(name="plan", description="Only those.")]
OnlySuperadmins = Annotated[bool | None, QueryParameter(name="superadmin", description="Only those, or only others.")]


@get(ORGS, tags=["admin"], sync_to_thread=True)
def list_all_orgs(
    actor: Given[Actor],
    db: Given[Database],
    search: Search = "",
    status: OfOrg = None,
    plan: OnPlan = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AdminOrgList:
    """Everybody's organisations, oldest first; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        return tenants.org_page(session, queries.orgs(search, status or "", plan or ""), limit, cursor)


@get(ORGS + "/{org_id:str}", tags=["admin"], sync_to_thread=True)
def get_any_org(org_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> AdminOrgOut:
    """An organisation, whoever it belongs to; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        return tenants.one_org(session, org_id)


@patch(ORGS + "/{org_id:str}", opt={"problems": (409,)}, tags=["admin"], sync_to_thread=True)
def update_any_org(
    org_id: FromPath[str],
    data: JSONBody[AdminOrgPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    grants: GivenKeys,
    clock: Given[Clock],
) -> AdminOrgOut:
    """Disables or enables an organisation, or changes its plan; for superadmins. Its keys follow at once."""
    with db.write() as session:
        changed = tenants.change_org(session, caller, actor, org_id, data, clock())
        after_commit(session, lambda: grants.forget(org_id=org_id))
    return changed


@get(USERS, tags=["admin"], sync_to_thread=True)
def list_all_users(
    actor: Given[Actor],
    db: Given[Database],
    search: Search = "",
    status: OfUser = None,
    only_superadmins: OnlySuperadmins = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AdminUserList:
    """Everybody who has an account, oldest first; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        return tenants.user_page(session, queries.users(search, status or "", only_superadmins), limit, cursor)


@get(USERS + "/{user_id:str}", tags=["admin"], sync_to_thread=True)
def get_any_user(user_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> AdminUserOut:
    """A person; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        return tenants.one_user(session, user_id)


@patch(USERS + "/{user_id:str}", opt={"problems": (409,)}, tags=["admin"], sync_to_thread=True)
def update_any_user(
    user_id: FromPath[str],
    data: JSONBody[AdminUserPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> AdminUserOut:
    """Disables or enables a person, or says whether they run the installation; for superadmins, and not of oneself.

    Disabling ends the person's sessions; their personal access tokens rest until the account is enabled again.
    """
    with db.write() as session:
        return tenants.change_user(session, caller, actor, user_id, data, clock())


routes = [list_all_orgs, get_any_org, update_any_org, list_all_users, get_any_user, update_any_user]
