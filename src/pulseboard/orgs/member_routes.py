"""Members over HTTP."""

from functools import partial

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.accounts import Actor, User
from pulseboard.audit import Caller
from pulseboard.db import Database, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.mail import Mailer
from pulseboard.orgs import invitations, members, queries
from pulseboard.orgs.models import Invitation, Membership
from pulseboard.orgs.paging import Cursor, Limit
from pulseboard.orgs.schemas import MemberIn, MemberList, MemberOut, MemberPatch, TransferIn
from pulseboard.orgs.scope import org_for

ORG = "/api/v1/orgs/{org_id:str}"
ONE = ORG + "/members/{member_id:str}"

_post = partial(post, opt={"problems": (409,)}, tags=["members"], sync_to_thread=True)


@get(ORG + "/members", tags=["members"], sync_to_thread=True)
def list_members(
    org_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> MemberList:
    """Who belongs to the organisation, oldest first."""
    with db.read() as session:
        org_for(session, actor, org_id, "members.read")
        found = page(session, queries.members(org_id), Membership.id, limit, cursor)
    items = [_out(membership, user) for membership, user in found.rows]
    return MemberList(items=items, total=found.total, next_cursor=found.next_cursor)


@_post(ORG + "/members")
def add_member(
    org_id: FromPath[str],
    data: JSONBody[MemberIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    mailer: Given[Mailer],
) -> MemberOut:
    """Adds a person who is registered here, and invites an unknown one by e-mail."""
    with db.write() as session:
        to = invitations.Post(caller, mailer, clock())
        made = invitations.add_or_invite(session, to, actor, org_id, data.email, data.role)
        return _invited_out(made) if isinstance(made, Invitation) else _out(*made)


@patch(ONE, opt={"problems": (409,)}, tags=["members"], sync_to_thread=True)
def update_member(
    org_id: FromPath[str],
    member_id: FromPath[str],
    data: JSONBody[MemberPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> MemberOut:
    """Gives a member another role; owners are made and unmade by owners, and one stays."""
    with db.write() as session:
        return _out(*members.change_role(session, caller, actor, org_id, member_id, data.role, clock()))


@delete(ONE, opt={"problems": (409,)}, tags=["members"], sync_to_thread=True)
def remove_member(
    org_id: FromPath[str],
    member_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> None:
    """Removes a member; everybody may remove themselves, except the last owner."""
    with db.write() as session:
        members.remove_member(session, caller, actor, org_id, member_id, clock())


@_post(ORG + "/leave", status_code=204)
def leave_org(
    org_id: FromPath[str], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> None:
    """Leaves the organisation; the last owner cannot."""
    with db.write() as session:
        members.remove_member(session, caller, actor, org_id, None, clock())


@_post(ORG + "/transfer", status_code=200)
def transfer_org(
    org_id: FromPath[str],
    data: JSONBody[TransferIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> MemberOut:
    """Makes a member the owner in the caller's place, who stays as an admin."""
    with db.write() as session:
        return _out(*members.transfer(session, caller, actor, org_id, data.member_id, clock()))


def _out(membership: Membership, user: User) -> MemberOut:
    return MemberOut(
        id=membership.id,
        user_id=user.id,
        email=user.email,
        name=user.name,
        role=membership.role,  # type: ignore[arg-type]
        status=user.status,
        created_at=rfc3339(membership.created_at),
    )


def _invited_out(invitation: Invitation) -> MemberOut:
    return MemberOut(
        id=invitation.id,
        user_id=None,
        email=invitation.email,
        name="",
        role=invitation.role,  # type: ignore[arg-type]
        status="invited",
        created_at=rfc3339(invitation.created_at),
    )


routes = [list_members, add_member, update_member, remove_member, leave_org, transfer_org]
