"""What other rooms learn of a project; database rows stay in this one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard.projects import queries
from pulseboard.projects.models import Project


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project as other rooms see it."""

    id: str
    org_id: str
    name: str
    timezone: str
    environment: str
    domains: tuple[str, ...]
    system: bool


def view_of(project: Project) -> ProjectView:
    """The row's view."""
    return ProjectView(
        id=project.id,
        org_id=project.org_id,
        name=project.name,
        timezone=project.timezone,
        environment=project.environment,
        domains=project.domains,
        system=project.system,
    )


@dataclass(frozen=True, slots=True)
class KeyView:
    """A project's key as other rooms see it."""

    id: str
    label: str
    prefix: str
    active: bool
    last_used_at: datetime | None
    expires_at: datetime | None


def key_views(session: Session, project_id: str) -> list[KeyView]:
    """The keys of a project, revoked ones included."""
    return [
        KeyView(key.id, key.label, key.prefix, key.status == "active", key.last_used_at, key.expires_at)
        for (key,) in session.execute(queries.keys_of(project_id))
    ]
