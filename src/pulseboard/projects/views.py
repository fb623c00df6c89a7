"""What other rooms learn of a project; database rows stay in this one."""

from dataclasses import dataclass

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
