"""Everybody's organisations and people: found, stopped, let go on, given another plan."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import UNSET
from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, User, end_sessions, signed_in
from pulseboard.admin import queries
from pulseboard.admin.guard import superadmin
from pulseboard.admin.tenant_schemas import (
    AdminOrgList,
    AdminOrgOut,
    AdminOrgPatch,
    AdminUserList,
    AdminUserOut,
    AdminUserPatch,
)
from pulseboard.audit import Caller, Target, record
from pulseboard.db import Listing, page
from pulseboard.errors import Conflict, Forbidden, NotFound
from pulseboard.kit.clock import rfc3339
from pulseboard.orgs import Org

ACTIVE, DISABLED = "active", "disabled"


def _check_still(own: User | None) -> None:
    """Asked once more inside the change: of two superadmins who stop each other at once, one must be left.

    Raises:
        Forbidden: the actor is no superadmin (any more).
    """
    if own is None or not own.superadmin or own.status != ACTIVE:
        raise Forbidden("This is for the owner of the installation")


def org_page(session: Session, wanted: Listing, limit: int, cursor: str | None) -> AdminOrgList:
    """
    Raises:
        Invalid: the cursor is none of ours.
    """
    found = page(session, wanted, Org.id, limit, cursor)
    sizes = queries.org_sizes(session, [row[0].id for row in found.rows])
    items = [_org_out(row[0], sizes[row[0].id]) for row in found.rows]
    return AdminOrgList(items, found.total, found.next_cursor)


def one_org(session: Session, org_id: str) -> AdminOrgOut:
    """
    Raises:
        NotFound: there is none.
    """
    found = queries.sized_org(session, org_id)
    if found is None:
        raise _no_org()
    return _org_out(*found)


def change_org(
    session: Session, caller: Caller, actor: Actor, org_id: str, data: AdminOrgPatch, now: datetime
) -> AdminOrgOut:
    """Stops an organisation or lets it go on, and gives it another plan; its own log tells of it, too.

    Raises:
        NotFound: there is none.
        Conflict: it is Pulseboard's own.
    """
    found = queries.org_and_admin(session, org_id, superadmin(actor).user_id)
    if found is None:
        raise _no_org()
    (org, sizes), own = found
    _check_still(own)
    if org.system:
        raise Conflict("This is Pulseboard's own organisation")
    before = _told_org(org)
    if data.status is not UNSET:
        org.disabled_at = (org.disabled_at or now) if data.status == DISABLED else None
    if data.plan is not UNSET:
        org.plan = data.plan
    target = Target("org", org.id, org.name)
    after = _told_org(org)
    for log in ("", org.id):
        record(session, caller, now, "org.administered", target, org_id=log, before=before, after=after)
    return _org_out(org, sizes)


def user_page(session: Session, wanted: Listing, limit: int, cursor: str | None) -> AdminUserList:
    """
    Raises:
        Invalid: the cursor is none of ours.
    """
    found = page(session, wanted, User.id, limit, cursor)
    traces = queries.user_traces(session, [row[0].id for row in found.rows])
    items = [_user_out(row[0], traces[row[0].id]) for row in found.rows]
    return AdminUserList(items, found.total, found.next_cursor)


def one_user(session: Session, user_id: str) -> AdminUserOut:
    """
    Raises:
        NotFound: there is none.
    """
    return _user_out(*_user(queries.traced_users(session, [user_id]), user_id))


def change_user(
    session: Session, caller: Caller, actor: Actor, user_id: str, data: AdminUserPatch, now: datetime
) -> AdminUserOut:
    """Stops a person, whose sessions end for good and whose tokens rest, or lets them go on; makes superadmins.

    Raises:
        NotFound: there is none.
        Forbidden: a program wants to make or unmake a superadmin.
        Conflict: it is the actor: whoever runs the installation cannot lock themselves out of it.
    """
    found = queries.traced_users(session, [superadmin(actor).user_id, user_id], lock=True)
    _check_still(found[actor.user_id].user if actor.user_id in found else None)
    if data.superadmin is not UNSET:
        signed_in(actor)  # what a program makes would outlive its token
    user, traces = _user(found, user_id)
    if user.id == actor.user_id:
        raise Conflict("Somebody else must do this to you")
    before = _told_user(user)
    if data.status is not UNSET and data.status != user.status:
        user.status, user.leaves_at = data.status, None
        if data.status == DISABLED:
            end_sessions(session, user.id, now)
    if data.superadmin is not UNSET:
        user.superadmin = data.superadmin
    target = Target("person", user.id, user.email)
    record(session, caller, now, "person.administered", target, before=before, after=_told_user(user))
    return _user_out(user, traces)


def _no_org() -> NotFound:
    return NotFound("There is no such organisation")


def _user(found: Mapping[str, queries.TracedUser], user_id: str) -> queries.TracedUser:
    if user_id not in found:
        raise NotFound("There is no such person")
    return found[user_id]


def _told_org(org: Org) -> dict[str, object]:
    return {"status": DISABLED if org.disabled_at else ACTIVE, "plan": org.plan}


def _told_user(user: User) -> dict[str, object]:
    return {"status": user.status, "superadmin": user.superadmin}


def _org_out(org: Org, sizes: queries.OrgSizes) -> AdminOrgOut:
    return AdminOrgOut(
        id=org.id,
        name=org.name,
        status="deleted" if org.deleted_at else "disabled" if org.disabled_at else "active",
        plan=org.plan,
        personal=org.personal_user_id is not None,
        system=org.system,
        members=sizes.members,
        projects=sizes.projects,
        created_at=rfc3339(org.created_at),
        disabled_at=rfc3339(org.disabled_at) if org.disabled_at else None,
        deleted_at=rfc3339(org.deleted_at) if org.deleted_at else None,
    )


def _user_out(user: User, traces: queries.UserTraces) -> AdminUserOut:
    return AdminUserOut(
        id=user.id,
        email=user.email,
        name=user.name,
        status=user.status,  # type: ignore[arg-type]  # one of its three words
        superadmin=user.superadmin,
        email_verified=user.email_verified,
        orgs=traces.orgs,
        created_at=rfc3339(user.created_at),
        last_seen_at=rfc3339(traces.last_seen_at) if traces.last_seen_at else None,
    )
