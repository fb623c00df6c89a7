"""The statements about event schemas."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

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


class Shelf(NamedTuple):
    """A project, the actor's role, one of its schemas if there is one of that id, and how full of them it is."""

    project: Project
    role: str | None
    schema: EventSchema | None
    schemas: int
    characters: int


def shelf(session: Session, actor: Actor, project_id: str, schema_id: str | None) -> Shelf | None:
    """In one statement."""
    every = aliased(EventSchema)
    count = select(func.count()).where(every.project_id == project_id)
    characters = select(func.coalesce(func.sum(func.length(every.body)), 0)).where(every.project_id == project_id)
    wanted = and_(EventSchema.project_id == Project.id, EventSchema.id == schema_id)
    found = (
        seen_projects(actor)
        .add_columns(EventSchema, count.scalar_subquery(), characters.scalar_subquery())
        .outerjoin(EventSchema, wanted)
        .where(Project.id == project_id)
    )
    row = session.execute(found).one_or_none()
    return Shelf(*row) if row else None


def stamps(session: Session, project_id: str) -> list[Stamp]:
    columns = (EventSchema.id, EventSchema.event_name, EventSchema.mode, EventSchema.updated_at)
    return [Stamp(*row) for row in session.execute(select(*columns).where(EventSchema.project_id == project_id))]


def bodies(session: Session, ids: Sequence[str]) -> list[tuple[str, str]]:
    """``(id, body)`` of the schemas."""
    wanted = select(EventSchema.id, EventSchema.body).where(EventSchema.id.in_(ids))
    return [(row[0], row[1]) for row in session.execute(wanted)]
