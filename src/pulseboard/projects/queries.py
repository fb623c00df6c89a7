"""The statements about projects and keys. Every read of a project goes through the organisation's visibility."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import ColumnElement, String, bindparam, case, delete, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from pulseboard.accounts import User
from pulseboard.db import Listing, upsert
from pulseboard.orgs import Actor, Membership, Org, seen_by, with_system_role
from pulseboard.projects.collection import Collection
from pulseboard.projects.models import ApiKey, Project, ProjectRole

UNTOUCHED = ("owner", "admin")  # could give any other role in a project back to themselves


def seen_projects(actor: Actor) -> Listing:
    """``(Project, role)`` of every living project that the actor sees; a key's role is NULL."""
    return (
        select(Project, _role_in_project(actor))
        .join(Org, Org.id == Project.org_id)
        .where(_seen(actor), Project.deleted_at.is_(None), Org.deleted_at.is_(None), Org.disabled_at.is_(None))
    )


def _role_in_project(actor: Actor) -> ColumnElement[str | None]:
    """The role of the actor in the project: the project's own where there is one, but an admin stays one everywhere."""
    role = (
        select(
            case(
                (Membership.role.in_(UNTOUCHED), Membership.role),
                else_=func.coalesce(ProjectRole.role, Membership.role),
            )
        )
        .select_from(Membership)
        .outerjoin(ProjectRole, (ProjectRole.membership_id == Membership.id) & (ProjectRole.project_id == Project.id))
        .where(Membership.org_id == Project.org_id, Membership.user_id == actor.user_id)
        .correlate(Project)
        .scalar_subquery()
    )
    return with_system_role(actor, role)


def _seen(actor: Actor) -> ColumnElement[bool]:
    return Project.id == actor.project_id if actor.key_id else seen_by(actor)


def project_with_role(session: Session, actor: Actor, project_id: str) -> tuple[Project, str | None] | None:
    row = session.execute(seen_projects(actor).where(Project.id == project_id)).one_or_none()
    return (row[0], row[1]) if row else None


def with_domain(listing: Listing) -> Listing:
    """Only the projects that are websites."""
    return listing.where(Project.domains != ())


def of_org(listing: Listing, org_id: str) -> Listing:
    """Only the projects of one organisation."""
    return listing.where(Project.org_id == org_id)


def system_project_id(session: Session) -> str | None:
    return session.scalar(select(Project.id).where(Project.system).limit(1))


def living_project(session: Session, project_id: str) -> Project | None:
    """The project, whoever it belongs to; for the machine's operator, never for a request."""
    living = select(Project).join(Org, Org.id == Project.org_id).where(Project.deleted_at.is_(None))
    return session.scalar(living.where(Org.deleted_at.is_(None), Project.id == project_id))


def living_projects(session: Session) -> Iterable[Project]:
    living = select(Project).join(Org, Org.id == Project.org_id).where(Project.deleted_at.is_(None))
    return session.scalars(living.where(Org.deleted_at.is_(None)).order_by(Project.id))


def projects_deleted_before(session: Session, moment: datetime) -> Iterable[Project]:
    """Those that were deleted before that, alone or with their organisation."""
    gone = or_(Project.deleted_at < moment, Org.deleted_at < moment)
    return session.scalars(select(Project).join(Org, Org.id == Project.org_id).where(gone).order_by(Project.id))


def drop_project(session: Session, project_id: str) -> None:
    """Removes the project for good, and with it everything that refers to it."""
    session.execute(delete(Project).where(Project.id == project_id))


def names_of(session: Session, project_ids: Iterable[str]) -> dict[str, str]:
    rows = session.execute(select(Project.id, Project.name).where(Project.id.in_(project_ids)))
    return {row[0]: row[1] for row in rows}


def oldest_home(session: Session) -> str | None:
    """The id of the personal organisation that was made first."""
    return session.scalar(select(Org.id).where(Org.personal_user_id.is_not(None)).order_by(Org.id).limit(1))


def keys_of(project_id: str) -> Listing:
    return select(ApiKey).where(ApiKey.project_id == project_id)


def key_with_role(
    session: Session, actor: Actor, project_id: str, key_id: str
) -> tuple[Project, str | None, ApiKey | None] | None:
    """The project, the actor's role, and its key if there is one of that id."""
    listing = seen_projects(actor).add_columns(ApiKey)
    joined = listing.outerjoin(ApiKey, (ApiKey.project_id == Project.id) & (ApiKey.id == key_id))
    row = session.execute(joined.where(Project.id == project_id)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def replace_key(session: Session, old: ApiKey, new: ApiKey, status: str, expires_at: datetime | None) -> None:
    """Adds the new key and ends the old one, in one statement: of two rows, one of which is there already."""
    both = [{column.key: getattr(key, column.key) for column in inspect(ApiKey).columns} for key in (old, new)]
    both[0] |= {"status": status, "expires_at": expires_at}
    insert = upsert(session, ApiKey)
    ended = {"status": insert.excluded.status, "expires_at": insert.excluded.expires_at}
    session.execute(insert.values(both).on_conflict_do_update(index_elements=["id"], set_=ended))


class Colleague(NamedTuple):
    """A project, the actor's role in it, and a member of its organisation with their role in the project, if any."""

    project: Project
    role: str | None
    membership: Membership | None
    user: User | None
    own: ProjectRole | None


def project_and_member(session: Session, actor: Actor, project_id: str, member_id: str) -> Colleague | None:
    found = (
        seen_projects(actor)
        .add_columns(Membership, User, ProjectRole)
        .outerjoin(Membership, (Membership.org_id == Project.org_id) & (Membership.id == member_id))
        .outerjoin(User, User.id == Membership.user_id)
        .outerjoin(ProjectRole, (ProjectRole.project_id == Project.id) & (ProjectRole.membership_id == Membership.id))
    )
    row = session.execute(found.where(Project.id == project_id)).one_or_none()
    return Colleague(*row) if row else None


def roles_in(project_id: str) -> Listing:
    """``(ProjectRole, Membership, User)`` of everybody who has another role in the project."""
    return (
        select(ProjectRole, Membership, User)
        .join(Membership, Membership.id == ProjectRole.membership_id)
        .join(User, User.id == Membership.user_id)
        .where(ProjectRole.project_id == project_id)
    )


class GrantRow(NamedTuple):
    """What a grant is made of; ``key_id`` and ``scope`` are empty for a site's visitors."""

    key_id: str
    scope: str
    origins: tuple[str, ...]
    networks: tuple[str, ...]
    project_id: str
    org_id: str
    environment: str
    domains: tuple[str, ...]
    collection: Collection


_OF_PROJECT = (Project.id, Project.org_id, Project.environment, Project.domains, Project.collection)


def grant_row(session: Session, key_hash: str, now: datetime) -> GrantRow | None:
    """What the grant of a key that works now is made of."""
    row = session.execute(
        select(ApiKey.id, ApiKey.scope, ApiKey.allowed_origins, ApiKey.allowed_addresses, *_OF_PROJECT)
        .join(Project, Project.id == ApiKey.project_id)
        .join(Org, Org.id == Project.org_id)
        .where(
            ApiKey.key_hash == key_hash,
            ApiKey.status == "active",
            (ApiKey.expires_at.is_(None)) | (ApiKey.expires_at > now),
            Project.deleted_at.is_(None),
            Org.deleted_at.is_(None),
            Org.disabled_at.is_(None),
        )
    ).one_or_none()
    return GrantRow(*row) if row else None


def site_row(session: Session, project_id: str) -> GrantRow | None:
    """What the grant of a living project's visitors is made of."""
    row = session.execute(
        select(*_OF_PROJECT)
        .join(Org, Org.id == Project.org_id)
        .where(Project.id == project_id, Project.deleted_at.is_(None))
        .where(Org.deleted_at.is_(None), Org.disabled_at.is_(None))
    ).one_or_none()
    return GrantRow("", "", (), (), *row) if row else None


def mark_used(session: Session, used: Mapping[str, datetime]) -> None:
    """Writes when keys were last used, all in one go; a key that was removed meanwhile is passed over."""
    named = ApiKey.id == bindparam("key", type_=String)
    statement = update(ApiKey).where(named).values(last_used_at=bindparam("at", type_=DateTimeUTC))
    session.connection().execute(statement, [{"key": key_id, "at": moment} for key_id, moment in used.items()])


def collection_row(session: Session, project_id: str) -> tuple[Collection, tuple[str, ...]] | None:
    """What a project collects, and its domains; also of one that is deleted, whose last events may still wait."""
    row = session.execute(select(Project.collection, Project.domains).where(Project.id == project_id)).one_or_none()
    return (row[0], row[1]) if row else None
