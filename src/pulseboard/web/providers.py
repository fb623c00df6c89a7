"""What handlers receive by naming it."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from pulseboard.accounts import Actor
from pulseboard.audit import Caller
from pulseboard.db import Database
from pulseboard.projects import ProjectView, project_for
from pulseboard.web.actor import noted_actor

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


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Who asks and from where, for the audit log; at a public route nobody is known yet."""
    actor = noted_actor(request.scope)
    address = request.client.host if request.client else ""
    agent = request.headers.get("user-agent", "")
    if actor is None:
        return Caller(address=address, user_agent=agent)
    kind, id_ = ("key", actor.key_id) if actor.key_id else ("token" if actor.token_id else "person", actor.user_id)
    return Caller(kind, id_, via=actor.via_id, address=address, user_agent=agent)


def provide_reach(db: Given[Database], actor: Given[Actor]) -> Callable[[str | None], ProjectView]:
    """Finds the project that a body names: ``provide_project`` for what is known only once the body is read."""

    def reach(project_id: str | None) -> ProjectView:
        with db.read() as session:
            return project_for(session, actor, project_id)

    return reach
