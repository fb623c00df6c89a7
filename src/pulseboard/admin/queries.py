"""The statements about everybody's organisations and people; for superadmins only."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from pulseboard.accounts import LoginSession, User, email_key
from pulseboard.db import Listing
from pulseboard.mail import OutboxLetter
from pulseboard.orgs import Membership, Org
from pulseboard.projects import Project


def orgs(search: str, status: str, plan: str) -> Listing:
    """Organisations whose name has ``search`` in it or whose id it is; empty words mean any."""
    wanted = select(Org)
    if search:
        wanted = wanted.where(or_(func.lower(Org.name).contains(search.lower(), autoescape=True), Org.id == search))
    if plan:
        wanted = wanted.where(Org.plan == plan)
    return wanted.where(_org_status(status)) if status else wanted


def _org_status(status: str) -> ColumnElement[bool]:
    if status == "deleted":
        return Org.deleted_at.is_not(None)
    disabled = Org.disabled_at.is_not(None) if status == "disabled" else Org.disabled_at.is_(None)
    return Org.deleted_at.is_(None) & disabled


def _sizes() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many members and living projects an organisation has."""
    members = select(func.count()).where(Membership.org_id == Org.id).correlate(Org).scalar_subquery()
    living = select(func.count()).where(Project.org_id == Org.id, Project.deleted_at.is_(None))
    return members, living.correlate(Org).scalar_subquery()


class OrgSizes(NamedTuple):
    members: int
    projects: int


def org_sizes(session: Session, org_ids: Collection[str]) -> dict[str, OrgSizes]:
    rows = session.execute(select(Org.id, *_sizes()).where(Org.id.in_(org_ids)))
    return {row[0]: OrgSizes(row[1], row[2]) for row in rows}


class SizedOrg(NamedTuple):
    org: Org
    sizes: OrgSizes


def sized_org(session: Session, org_id: str) -> SizedOrg | None:
    row = session.execute(select(Org, *_sizes()).where(Org.id == org_id)).one_or_none()
    return SizedOrg(row[0], OrgSizes(row[1], row[2])) if row else None


def org_and_admin(session: Session, org_id: str, user_id: str) -> tuple[SizedOrg, User] | None:
    """An organisation and whoever changes it, both locked."""
    wanted = select(Org, *_sizes(), User).join(User, User.id == user_id).where(Org.id == org_id)
    row = session.execute(wanted.with_for_update(of=(Org, User))).one_or_none()
    return (SizedOrg(row[0], OrgSizes(row[1], row[2])), row[3]) if row else None


def users(search: str, status: str, superadmin: bool | None) -> Listing:
    """People whose address or name has ``search`` in it or whose id it is; empty words mean any."""
    wanted = select(User)
    if search:
        known_as = User.email_key.contains(email_key(search), autoescape=True)
        named = func.lower(User.name).contains(search.lower(), autoescape=True)
        wanted = wanted.where(or_(known_as, named, User.id == search))
    if superadmin is not None:
        wanted = wanted.where(User.superadmin.is_(superadmin))
    return wanted.where(User.status == status) if status else wanted


def _traces() -> tuple[ColumnElement[int], ColumnElement[datetime]]:
    """In how many organisations a person is, and when a session of their own was last renewed."""
    joined = select(func.count()).where(Membership.user_id == User.id).correlate(User).scalar_subquery()
    renewed = select(func.max(LoginSession.renewed_at)).where(
        LoginSession.user_id == User.id, LoginSession.via_session_id.is_(None)
    )
    return joined, renewed.correlate(User).scalar_subquery()


class UserTraces(NamedTuple):
    orgs: int
    last_seen_at: datetime | None


def user_traces(session: Session, user_ids: Collection[str]) -> dict[str, UserTraces]:
    rows = session.execute(select(User.id, *_traces()).where(User.id.in_(user_ids)))
    return {row[0]: UserTraces(row[1], row[2]) for row in rows}


class TracedUser(NamedTuple):
    user: User
    traces: UserTraces


def traced_users(session: Session, user_ids: Collection[str], *, lock: bool = False) -> dict[str, TracedUser]:
    """People by their ids; locked in one order, so that two who stop each other do not wait for each other."""
    wanted = select(User, *_traces()).where(User.id.in_(user_ids)).order_by(User.id)
    rows = session.execute(wanted.with_for_update() if lock else wanted)
    return {row[0].id: TracedUser(row[0], UserTraces(row[1], row[2])) for row in rows}


class Counts(NamedTuple):
    """How many there are of everything in the control plane; the system's own organisation is not counted."""

    orgs: int
    disabled_orgs: int
    projects: int
    users: int
    active_users: int
    superadmins: int
    open_sessions: int


def counts(session: Session, now: datetime) -> Counts:
    living = Org.deleted_at.is_(None) & Org.system.is_(False)
    open_ = LoginSession.revoked_at.is_(None) & (LoginSession.expires_at > now)
    projects = select(func.count()).select_from(Project).join(Org, Org.id == Project.org_id)
    row = session.execute(
        select(
            select(func.count()).where(living).select_from(Org).scalar_subquery(),
            select(func.count()).where(living, Org.disabled_at.is_not(None)).select_from(Org).scalar_subquery(),
            projects.where(living, Project.deleted_at.is_(None)).scalar_subquery(),
            func.count(),
            func.sum(case((User.status == "active", 1), else_=0)),
            func.sum(case((User.superadmin, 1), else_=0)),
            select(func.count()).where(open_).select_from(LoginSession).scalar_subquery(),
        ).select_from(User)
    ).one()
    return Counts(*(value or 0 for value in row))


def letters_by_status(session: Session) -> dict[str, int]:
    rows = session.execute(select(OutboxLetter.status, func.count()).group_by(OutboxLetter.status))
    return {row[0]: row[1] for row in rows}


def projects_of(session: Session, project_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """``(name, organisation's id)`` of projects by their ids, deleted ones included."""
    rows = session.execute(select(Project.id, Project.name, Project.org_id).where(Project.id.in_(project_ids)))
    return {row[0]: (row[1], row[2]) for row in rows}
