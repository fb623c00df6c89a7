"""Who belongs to an organisation: adding, changing, removing, leaving, and handing it over."""

from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard import audit
from pulseboard.accounts import Actor, User, email_key
from pulseboard.audit import Caller, Target
from pulseboard.errors import Conflict, Forbidden, NotFound
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import queries
from pulseboard.orgs.models import Membership, Org
from pulseboard.orgs.permissions import Role
from pulseboard.orgs.queries import OrgAndGuest
from pulseboard.orgs.scope import check, check_enabled, no_org

LAST_OWNER = "An organisation keeps at least one owner"


def guest(session: Session, actor: Actor, org_id: str, email: str, role: Role) -> OrgAndGuest:
    """The organisation and what it knows of the address, for somebody who may make this a member's.

    Raises:
        NotFound, Forbidden: as ``scope.org_for``; owners are made by owners.
        Conflict: whose address it is belongs to the organisation already.
    """
    found = queries.org_and_guest(session, actor, org_id, email_key(email)) if is_uuid(org_id) else None
    if found is None or found.org.deleted_at:
        raise no_org()
    check(actor, found.role, "members.change")
    check_enabled(found.org, "members.change")
    if role == "owner":
        check(actor, found.role, "members.change-owner")
    if found.is_member:
        raise Conflict("This person is a member already")
    return found


def add_member(session: Session, caller: Caller, org: Org, user: User, role: str, now: datetime) -> Membership:
    """Adds a person who is none yet."""
    membership = Membership(id=new_id(), org_id=org.id, user_id=user.id, role=role, created_at=now)
    session.add(membership)
    session.flush()
    audit.record(session, caller, now, "member.added", _target(user), org_id=org.id, after={"role": role})
    return membership


def change_role(
    session: Session, caller: Caller, actor: Actor, org_id: str, member_id: str, role: Role, now: datetime
) -> tuple[Membership, User]:
    """Gives a member another role.

    Raises:
        NotFound, Forbidden: as for every member change.
        Conflict: the last owner would be gone.
    """
    own_role, membership, user = _member(session, actor, org_id, member_id, "members.change")
    if "owner" in (membership.role, role):
        check(actor, own_role, "members.change-owner")
    before = {"role": membership.role}
    if not queries.change_role(session, membership, role):
        raise Conflict(LAST_OWNER, type="last-owner")
    after = {"role": role}
    audit.record(session, caller, now, "member.changed", _target(user), org_id=org_id, before=before, after=after)
    return membership, user


def remove_member(
    session: Session, caller: Caller, actor: Actor, org_id: str, member_id: str | None, now: datetime
) -> None:
    """Removes a member, or the actor without ``member_id``; everybody may remove themselves.

    Raises:
        NotFound, Forbidden: as for every member change.
        Conflict: the last owner would be gone.
    """
    own_role, membership, user = _member(session, actor, org_id, member_id, "org.leave")
    leaves = membership.user_id == actor.user_id
    if not leaves:
        check(actor, own_role, "members.change-owner" if membership.role == "owner" else "members.change")
    before = {"role": membership.role}
    if not queries.drop_member(session, membership):
        raise Conflict(LAST_OWNER, type="last-owner")
    action = "member.left" if leaves else "member.removed"
    audit.record(session, caller, now, action, _target(user), org_id=org_id, before=before)


def transfer(
    session: Session, caller: Caller, actor: Actor, org_id: str, member_id: str, now: datetime
) -> tuple[Membership, User]:
    """Makes a member the owner in the actor's place, who stays as an admin.

    Raises:
        NotFound, Forbidden: as for every member change.
        Conflict: the member is the actor.
    """
    own_role, membership, user = _member(session, actor, org_id, member_id, "org.transfer")
    if own_role != "owner":
        raise Forbidden("Only an owner hands an organisation over")
    if membership.user_id == actor.user_id:
        raise Conflict("It is yours already")
    queries.hand_over(session, org_id, actor.user_id, membership)
    after = {"owner": user.id, "formerOwner": actor.user_id}
    audit.record(session, caller, now, "org.transferred", _target(user), org_id=org_id, after=after)
    return membership, user


def _member(
    session: Session, actor: Actor, org_id: str, member_id: str | None, action: str
) -> tuple[str | None, Membership, User]:
    valid = is_uuid(org_id) and (member_id is None or is_uuid(member_id))
    found = queries.org_and_member(session, actor, org_id, member_id) if valid else None
    if found is None or found.org.deleted_at:
        raise no_org()
    check(actor, found.role, action)
    check_enabled(found.org, action)
    if found.membership is None or found.user is None:
        raise NotFound("There is no such member")
    return found.role, found.membership, found.user


def _target(user: User) -> Target:
    return Target("person", user.id, user.email)
