"""The statements about organisations and memberships; lists and single rows share one answer to who sees what."""

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pulseboard.accounts import Actor, User
from pulseboard.db import Listing
from pulseboard.orgs.models import Membership, Org
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
    if not actor.superadmin:
        return membership
    own = select(literal(SYSTEM_ROLE)).where(Org.system).correlate(Org).scalar_subquery()
    return func.coalesce(membership, own)


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


def org_with_role(session: Session, actor: Actor, org_id: str, *, lock: bool = False) -> tuple[Org, str | None] | None:
    """The organisation, deleted or not, and the actor's role (None for a key). ``lock`` serialises changes to it."""
    found = select(Org, role_of(actor, Org.id)).where(and_(Org.id == org_id, seen_by(actor)))
    row = session.execute(found.with_for_update(of=Org) if lock else found).one_or_none()
    return (row[0], row[1]) if row else None


def org_refs(session: Session, user_id: str) -> list[tuple[str, str, str]]:
    """``(id, name, role)`` of a person's organisations, oldest first."""
    rows = session.execute(
        select(Org.id, Org.name, Membership.role)
        .join(Membership, Membership.org_id == Org.id)
        .where(Membership.user_id == user_id, Org.deleted_at.is_(None))
        .order_by(Org.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def personal_org_id(session: Session, user_id: str) -> str | None:
    """The personal organisation, while its person still owns it."""
    return session.scalar(
        select(Org.id)
        .join(Membership, Membership.org_id == Org.id)
        .where(Org.personal_user_id == user_id, Membership.user_id == user_id, Membership.role == "owner")
    )


def system_org(session: Session) -> Org | None:
    return session.scalar(select(Org).where(Org.system).limit(1))


def members(org_id: str) -> Listing:
    """``(Membership, User)`` of everybody in the organisation."""
    return select(Membership, User).join(User, User.id == Membership.user_id).where(Membership.org_id == org_id)


def member(session: Session, org_id: str, member_id: str) -> tuple[Membership, User, int] | None:
    """The membership, its person, and how many owners the organisation has."""
    owners = select(func.count()).where(Membership.org_id == org_id, Membership.role == "owner").scalar_subquery()
    row = session.execute(members(org_id).add_columns(owners).where(Membership.id == member_id)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def user_by_email_key(session: Session, key: str) -> User | None:
    return session.scalar(select(User).where(User.email_key == key))
