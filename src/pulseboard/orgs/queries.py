"""The statements about organisations and memberships; lists and single rows share one answer to who sees what."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from pulseboard import audit
from pulseboard.accounts import Actor, User
from pulseboard.db import Listing
from pulseboard.orgs.models import Invitation, Membership, Org
from pulseboard.orgs.permissions import Role

SYSTEM_ROLE: Role = "viewer"  # a superadmin's role in Pulseboard's own organisation, which has no members


def role_of(actor: Actor, org_id: InstrumentedAttribute[str]) -> ColumnElement[str | None]:
    """The actor's role in the organisation, as a column; NULL where the actor is a stranger."""
    membership = (
        select(Membership.role)
        .where(Membership.org_id == org_id, Membership.user_id == actor.user_id)
        .correlate_except(Membership)
        .scalar_subquery()
    )
    return with_system_role(actor, membership)


def with_system_role(actor: Actor, role: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """The role, and for superadmins the one that they have in Pulseboard's own organisation."""
    if not actor.superadmin:
        return role
    own = select(literal(SYSTEM_ROLE)).where(Org.system).correlate(Org).scalar_subquery()
    return func.coalesce(role, own)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition under which the actor sees a row of ``orgs``."""
    if actor.key_id:
        return Org.id == actor.org_id
    member_of = Org.id.in_(select(Membership.org_id).where(Membership.user_id == actor.user_id))
    return or_(member_of, Org.system) if actor.superadmin else member_of


def orgs_with_role(actor: Actor, *, deleted: bool) -> Listing:
    """``(Org, role)`` of every organisation that the actor sees."""
    gone = Org.deleted_at.is_not(None) if deleted else Org.deleted_at.is_(None)
    return select(Org, role_of(actor, Org.id)).where(seen_by(actor), gone)


def _one_org(actor: Actor, org_id: str) -> Listing:
    return select(Org, role_of(actor, Org.id)).select_from(Org).where(and_(Org.id == org_id, seen_by(actor)))


def org_with_role(session: Session, actor: Actor, org_id: str, *, lock: bool = False) -> tuple[Org, str | None] | None:
    """The organisation, deleted or not, and the actor's role (None for a key). ``lock`` serialises changes to it."""
    found = _one_org(actor, org_id)
    row = session.execute(found.with_for_update(of=Org) if lock else found).one_or_none()
    return (row[0], row[1]) if row else None


class OrgAndMember(NamedTuple):
    """An organisation, the actor's role in it, and one of its members if there is one of that id."""

    org: Org
    role: str | None
    membership: Membership | None
    user: User | None


def org_and_member(session: Session, actor: Actor, org_id: str, member_id: str | None) -> OrgAndMember | None:
    """In one statement, which locks the organisation: changes of its members come one after the other.

    Without ``member_id`` the member is the actor.
    """
    wanted = Membership.user_id == actor.user_id if member_id is None else Membership.id == member_id
    found = (
        _one_org(actor, org_id)
        .add_columns(Membership, User)
        .outerjoin(Membership, and_(Membership.org_id == Org.id, wanted))
        .outerjoin(User, User.id == Membership.user_id)
        .with_for_update(of=Org)
    )
    row = session.execute(found).one_or_none()
    return OrgAndMember(*row) if row else None


class OrgAndGuest(NamedTuple):
    """An organisation, the actor and their role in it, and what it knows of an e-mail address."""

    org: Org
    role: str | None
    inviter: User | None
    user: User | None
    is_member: bool
    is_invited: bool
    invitations: int


def org_and_guest(session: Session, actor: Actor, org_id: str, email_key: str) -> OrgAndGuest | None:
    """In one statement, which locks the organisation."""
    member = exists().where(Membership.org_id == org_id, Membership.user_id == User.id)
    invited = exists().where(Invitation.org_id == org_id, Invitation.email_key == email_key)
    count = select(func.count()).select_from(Invitation).where(Invitation.org_id == org_id).scalar_subquery()
    inviter = aliased(User)
    found = (
        _one_org(actor, org_id)
        .add_columns(inviter, User, member, invited, count)
        .outerjoin(inviter, inviter.id == actor.user_id)
        .outerjoin(User, User.email_key == email_key)
        .with_for_update(of=Org)
    )
    row = session.execute(found).one_or_none()
    return OrgAndGuest(*row) if row else None


def org_refs(session: Session, user_id: str) -> list[tuple[str, str, str]]:
    """``(id, name, role)`` of a person's organisations, oldest first."""
    rows = session.execute(
        select(Org.id, Org.name, Membership.role)
        .join(Membership, Membership.org_id == Org.id)
        .where(Membership.user_id == user_id, Org.deleted_at.is_(None))
        .order_by(Org.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


class Belonging(NamedTuple):
    """A person and one of their organisations; empty where they have none."""

    user: User
    id: str
    name: str
    role: str


def person_and_orgs(session: Session, user_id: str) -> list[Belonging]:
    """A person with each of their living organisations, oldest first."""
    rows = session.execute(
        select(User, func.coalesce(Org.id, ""), func.coalesce(Org.name, ""), func.coalesce(Membership.role, ""))
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Org, and_(Org.id == Membership.org_id, Org.deleted_at.is_(None)))
        .where(User.id == user_id)
        .order_by(Org.id)
    )
    return [Belonging(*row) for row in rows]


def personal_org_id(session: Session, user_id: str) -> str | None:
    """The personal organisation, while its person still owns it."""
    return session.scalar(
        select(Org.id)
        .join(Membership, Membership.org_id == Org.id)
        .where(Org.personal_user_id == user_id, Membership.user_id == user_id, Membership.role == "owner")
        .where(Org.disabled_at.is_(None))
    )


def owned_alone(session: Session, user_id: str) -> list[tuple[Org, bool]]:
    """The living organisations whose only owner the person is, each with whether it has other members."""
    other = aliased(Membership)
    others = exists().where(other.org_id == Org.id, other.user_id != user_id)
    rows = session.execute(
        select(Org, others)
        .join(Membership, Membership.org_id == Org.id)
        .where(Membership.user_id == user_id, Membership.role == "owner", Org.deleted_at.is_(None))
        .where(~others.where(other.role == "owner"))
        .order_by(Org.id)
    )
    return [(row[0], row[1]) for row in rows]


def system_org(session: Session) -> Org | None:
    return session.scalar(select(Org).where(Org.system).limit(1))


def orgs_deleted_before(session: Session, moment: datetime) -> Sequence[Org]:
    return session.scalars(select(Org).where(Org.deleted_at < moment).order_by(Org.id)).all()


def drop_org(session: Session, org_id: str) -> None:
    """Removes the organisation for good, and with it everything that refers to it; its audit log stays."""
    session.execute(delete(Org).where(Org.id == org_id))


def members(org_id: str) -> Listing:
    """``(Membership, User)`` of everybody in the organisation."""
    return select(Membership, User).join(User, User.id == Membership.user_id).where(Membership.org_id == org_id)


def _keeps_an_owner(membership: Membership) -> ColumnElement[bool]:
    """Whether the organisation still has an owner when this member is none any more; asked by the change itself."""
    other = aliased(Membership)
    another = exists().where(other.org_id == membership.org_id, other.role == "owner", other.id != membership.id)
    return or_(Membership.role != "owner", another)


def change_role(session: Session, membership: Membership, role: str) -> bool:
    """Gives the member a role, unless the organisation would be left without an owner."""
    change = update(Membership).where(Membership.id == membership.id).values(role=role).returning(Membership.id)
    if role != "owner":
        change = change.where(_keeps_an_owner(membership))
    return session.execute(change).scalar_one_or_none() is not None


def drop_member(session: Session, membership: Membership) -> bool:
    """Removes the member, unless the organisation would be left without an owner."""
    gone = delete(Membership).where(Membership.id == membership.id, _keeps_an_owner(membership))
    return session.execute(gone.returning(Membership.id)).scalar_one_or_none() is not None


def hand_over(session: Session, org_id: str, owner_id: str, heir: Membership) -> None:
    """Makes the heir an owner and the owner, by their person's id, an admin; in one statement."""
    role = case((Membership.id == heir.id, "owner"), else_="admin")
    both = and_(Membership.org_id == org_id, or_(Membership.id == heir.id, Membership.user_id == owner_id))
    changed = update(Membership).where(both).values(role=role).returning(Membership)
    session.scalars(changed, execution_options={"populate_existing": True}).all()


def invitations_of(org_id: str) -> Listing:
    return select(Invitation).where(Invitation.org_id == org_id)


class OrgAndInvitation(NamedTuple):
    """An organisation, the actor and their role in it, and one of its invitations if there is one of that id."""

    org: Org
    role: str | None
    inviter: User | None
    invitation: Invitation | None


def org_and_invitation(session: Session, actor: Actor, org_id: str, invitation_id: str) -> OrgAndInvitation | None:
    found = (
        _one_org(actor, org_id)
        .add_columns(User, Invitation)
        .outerjoin(User, User.id == actor.user_id)
        .outerjoin(Invitation, and_(Invitation.org_id == Org.id, Invitation.id == invitation_id))
    )
    row = session.execute(found).one_or_none()
    return OrgAndInvitation(*row) if row else None


def open_invitation(session: Session, token_hash: str, now: datetime) -> tuple[Invitation, Org, User | None] | None:
    """The invitation of a token, its living organisation, and the person with that address if there is one."""
    row = session.execute(
        select(Invitation, Org, User)
        .join(Org, Org.id == Invitation.org_id)
        .outerjoin(User, User.email_key == Invitation.email_key)
        .where(Invitation.token_hash == token_hash, Invitation.expires_at > now)
        .where(Org.deleted_at.is_(None), Org.disabled_at.is_(None))
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def spend_invitation(session: Session, invitation: Invitation) -> bool:
    """Takes the invitation away; False when somebody else was faster."""
    spent = delete(Invitation).where(Invitation.id == invitation.id, Invitation.token_hash == invitation.token_hash)
    return session.execute(spent.returning(Invitation.id)).scalar_one_or_none() is not None


def audit_log(org_id: str, wanted: audit.AuditFilter, *, below: int | None = None) -> Listing:
    """``(AuditEntry, e-mail, name, entries of the chain)``, newest first; who is gone has neither."""
    listing = audit.entries(org_id, wanted, below=below)
    return listing.add_columns(User.email, User.name, audit.newest(org_id)).outerjoin(
        User, User.id == audit.AuditEntry.actor_id
    )
