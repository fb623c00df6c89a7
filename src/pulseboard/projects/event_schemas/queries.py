"""The statements about event schemas."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulseboard.db import Listing
from pulseboard.orgs import Actor
from pulseboard.projects.models import EventSchema, Project
from pulseboard.projects.queries import seen_projects


class Stamp(NamedTuple):
    """A schema without its body; ``id`` and ``updated_at`` change with every change of it."""

    id: str
    event_name: str
    mode: str
    updated_at: datetime

    @property
    def key(self) -> tuple[str, datetime]:
        return (self.id, self.updated_at)


def schemas_of(project_id: str) -> Listing:
    return select(EventSchema).where(EventSchema.project_id == project_id)


def schema_with_role(
    session: Session, actor: Actor, project_id: str, schema_id: str
) -> tuple[Project, str | None, EventSchema | None] | None:
    """The project, the actor's role, and its schema if there is one of that id."""
    listing = seen_projects(actor).add_columns(EventSchema)
    joined = listing.outerjoin(EventSchema, (EventSchema.project_id == Project.id) & (EventSchema.id == schema_id))
    row = session.execute(joined.where(Project.id == project_id)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def totals(session: Session, project_id: str) -> tuple[int, int]:
    """How many schemas a project has, and their characters."""
    wanted = select(func.count(), func.coalesce(func.sum(func.length(EventSchema.body)), 0))
    row = session.execute(wanted.where(EventSchema.project_id == project_id)).one()
    return row[0], row[1]


def stamps(session: Session, project_id: str) -> list[Stamp]:
    columns = (EventSchema.id, EventSchema.event_name, EventSchema.mode, EventSchema.updated_at)
    return [Stamp(*row) for row in session.execute(select(*columns).where(EventSchema.project_id == project_id))]


def bodies(session: Session, ids: Sequence[str]) -> list[tuple[str, str]]:
    """``(id, body)`` of the schemas."""
    wanted = select(EventSchema.id, EventSchema.body).where(EventSchema.id.in_(ids))
    return [(row[0], row[1]) for row in session.execute(wanted)]
