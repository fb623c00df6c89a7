"""The statements about who pays for an organisation and which projects share its quota."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from pulseboard.billing.plans import FREE
from pulseboard.orgs import Membership, Org
from pulseboard.projects import Project


class Sharing(NamedTuple):
    """An organisation's plan and its first owner, and a project that shares its quota; None where there is none."""

    plan: str
    system: bool
    payer: str | None
    project_id: str | None
    living: bool | None


def sharing(session: Session, org_id: str, *, billing: bool) -> list[Sharing]:
    """The organisation's plan with every project that shares its quota; without ``billing``, with its own projects.

    An organisation pays for itself, but all Free ones of one person share one allowance; the person is the one who
    has owned the organisation longest.
    """
    asked = aliased(Org)
    payer = _first_owner(asked.id)
    owned = select(Membership.org_id).where(Membership.user_id == payer, Membership.role == "owner")
    together = and_(asked.plan == FREE, Org.plan == FREE, Org.id.in_(owned), _first_owner(Org.id) == payer)
    rows = session.execute(
        select(asked.plan, asked.system, payer, Project.id, Project.deleted_at.is_(None) & Org.deleted_at.is_(None))
        .select_from(asked)
        .join(Org, or_(Org.id == asked.id, together) if billing else Org.id == asked.id)
        .outerjoin(Project, Project.org_id == Org.id)
        .where(asked.id == org_id)
    )
    return [Sharing(*row) for row in rows]


def _first_owner(org_id: InstrumentedAttribute[str]) -> ColumnElement[str | None]:
    """Who has owned the organisation longest: ids of memberships grow with time."""
    owner = aliased(Membership)
    return (
        select(owner.user_id)
        .where(owner.org_id == org_id, owner.role == "owner")
        .order_by(owner.id)
        .limit(1)
        .correlate_except(owner)
        .scalar_subquery()
    )
