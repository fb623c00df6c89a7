"""What handlers receive by naming it."""

from typing import Annotated

from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from pulseboard.accounts import Actor
from pulseboard.db import Database
from pulseboard.projects import ProjectView, project_for

ProjectParam = Annotated[
    str | None,
    QueryParameter(name="projectId", max_length=100, description="The project; an API key's own if left out."),
]


def provide_project(db: Given[Database], actor: Given[Actor], project_id: ProjectParam = None) -> ProjectView:
    """The project that a read is about.

    Raises:
        NotFound, Forbidden, Invalid: as ``projects.project_for``.
    """
    with db.read() as session:
        return project_for(session, actor, project_id)
