"""Making, changing, deleting organisations, and who belongs to them."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, Homes, OrgRef, User, email_key
from pulseboard.errors import Conflict, Invalid, NotFound
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import queries
from pulseboard.orgs.models import Membership, Org
from pulseboard.orgs.permissions import Role
from pulseboard.orgs.scope import check, org_for

RESTORABLE = timedelta(days=30)
SYSTEM_NAME = "Pulseboard"


def make_org(
    session: Session, name: str, now: datetime, *, personal_user_id: str | None = None, system: bool = False
) -> Org:
    """An organisation without members."""
    org = Org(id=new_id(), name=name.strip(), system=system, created_at=now, deleted_at=None)
    org.personal_user_id = personal_user_id
    session.add(org)
    return org


def make_owned_org(session: Session, user_id: str, name: str, now: datetime, *, personal: bool = False) -> Org:
    """An organisation whose only member is its owner."""
    org = make_org(session, name, now, personal_user_id=user_id if personal else None)
    session.flush()
    session.add(Membership(id=new_id(), org_id=org.id, user_id=user_id, role="owner", created_at=now))
    return org


def _make_home(session: Session, user: User, now: datetime) -> OrgRef:
    org = make_owned_org(session, user.id, user.name or user.email.partition("@")[0], now, personal=True)
    return OrgRef(id=org.id, name=org.name, role="owner")


def _orgs_of(session: Session, user_id: str) -> list[OrgRef]:
    return [OrgRef(id=id_, name=name, role=role) for id_, name, role in queries.org_refs(session, user_id)]


HOMES = Homes(make=_make_home, of=_orgs_of)


def ensure_system_org(session: Session, now: datetime) -> Org:
    """Pulseboard's own organisation, which only superadmins see."""
    return queries.system_org(session) or make_org(session, SYSTEM_NAME, now, system=True)


def home_of(session: Session, actor: Actor) -> str:
    """The id of the actor's personal organisation.

    Raises:
        Invalid: they have none, so the organisation must be named.
    """
    org_id = queries.personal_org_id(session, actor.user_id)
    if org_id is None:
        raise Invalid.field("orgId", "is needed: you have no personal organisation")
    return org_id


def delete_org(org: Org, now: datetime) -> None:
    """Marks the organisation as gone; it can be restored for ``RESTORABLE``.

    Raises:
        Conflict: it is a personal one.
    """
    if org.personal_user_id:
        raise Conflict("A personal organisation stays as long as its person")
    org.deleted_at = now


def restore_org(org: Org, now: datetime) -> None:
    """Brings a deleted organisation back.

    Raises:
        NotFound: its time is over.
    """
    if org.deleted_at and now - org.deleted_at > RESTORABLE:
        raise NotFound("This organisation was deleted too long ago")
    org.deleted_at = None


def add_member(
    session: Session, actor: Actor, org_id: str, email: str, role: Role, now: datetime
) -> tuple[Membership, User]:
    """Adds a known person.

    Raises:
        Invalid: nobody here has this e-mail.
        Conflict: they are a member already.
    """
    org, own_role = org_for(session, actor, org_id, "members.change")
    if role == "owner":
        check(actor, own_role, "members.change-owner")
    user = queries.user_by_email_key(session, email_key(email.strip()))
    if user is None:
        raise Invalid.field("email", "belongs to nobody here; invitations by e-mail are not there yet")
    membership = Membership(id=new_id(), org_id=org.id, user_id=user.id, role=role, created_at=now)
    session.add(membership)
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("This person is a member already") from twice
    return membership, user


def change_role(session: Session, actor: Actor, org_id: str, member_id: str, role: Role) -> tuple[Membership, User]:
    """Gives a member another role.

    Raises:
        NotFound, Forbidden: as for every member change.
        Conflict: the last owner would be gone.
    """
    _, own_role = org_for(session, actor, org_id, "members.change", lock=True)
    membership, user, owners = _member(session, org_id, member_id)
    if "owner" in (membership.role, role):
        check(actor, own_role, "members.change-owner")
    if role != "owner":
        _keep_an_owner(membership, owners)
    membership.role = role
    return membership, user


def remove_member(session: Session, actor: Actor, org_id: str, member_id: str) -> None:
    """Removes a member; everybody may remove themselves.

    Raises:
        NotFound, Forbidden: as for every member change.
        Conflict: the last owner would be gone.
    """
    _, own_role = org_for(session, actor, org_id, "org.leave", lock=True)
    membership, _, owners = _member(session, org_id, member_id)
    if membership.user_id != actor.user_id:
        check(actor, own_role, "members.change-owner" if membership.role == "owner" else "members.change")
    _keep_an_owner(membership, owners)
    session.delete(membership)


def _member(session: Session, org_id: str, member_id: str) -> tuple[Membership, User, int]:
    found = queries.member(session, org_id, member_id) if is_uuid(member_id) else None
    if found is None:
        raise NotFound("There is no such member")
    return found


def _keep_an_owner(membership: Membership, owners: int) -> None:
    if membership.role == "owner" and owners == 1:
        raise Conflict("An organisation keeps at least one owner", type="last-owner")
