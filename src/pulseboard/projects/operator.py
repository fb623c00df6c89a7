"""What the operator at the machine's console may do; whoever owns the data folder needs no role."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard.audit import SYSTEM, Target, record
from pulseboard.errors import Conflict, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.projects import queries
from pulseboard.projects.service import insert_project
from pulseboard.projects.views import ProjectView, view_of

DEMO_NAME = "Demo"


def any_project(session: Session, project_id: str) -> ProjectView:
    """The project, whoever it belongs to.

    Raises:
        NotFound: there is none with this id.
    """
    found = queries.living_project(session, project_id) if is_uuid(project_id) else None
    if found is None:
        raise NotFound(f"There is no project {project_id}; its id stands in the address of its page, after /app/p/")
    return view_of(found)


def living_projects(session: Session) -> list[ProjectView]:
    """Every project that lives, for work that is done for all of them."""
    return [view_of(project) for project in queries.living_projects(session)]


def names_of(session: Session, project_ids: Collection[str]) -> dict[str, str]:
    """The names of projects by their ids, deleted ones included; whoever asks may see them already."""
    return queries.names_of(session, project_ids)


def projects_deleted_before(session: Session, moment: datetime) -> list[ProjectView]:
    """Every project that was deleted before that, alone or with its organisation."""
    return [view_of(project) for project in queries.projects_deleted_before(session, moment)]


def drop_project(session: Session, project: ProjectView, now: datetime) -> None:
    """Removes a project for good, with its keys and what was saved in it; the audit log keeps its name."""
    target = Target("project", project.id, project.name)
    record(session, SYSTEM, now, "project.removed", target, org_id=project.org_id)
    queries.drop_project(session, project.id)


def make_demo_project(session: Session, now: datetime) -> ProjectView:
    """A new project in the organisation of the first person.

    Raises:
        Conflict: nobody has an account yet, so nobody could look at it.
    """
    org_id = queries.oldest_home(session)
    if org_id is None:
        raise Conflict("Nobody has an account yet: run pulseboard serve, follow its link, then come back")
    return view_of(insert_project(session, org_id, DEMO_NAME, now))
