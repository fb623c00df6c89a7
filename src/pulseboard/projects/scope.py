"""An actor's view of projects: the organisation's visibility, applied to what belongs to it."""

from sqlalchemy.orm import Session

from pulseboard.db import Listing, remembered
from pulseboard.errors import Forbidden, Invalid, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.orgs import Actor, check
from pulseboard.projects import queries
from pulseboard.projects.models import ApiKey, Project
from pulseboard.projects.views import ProjectView, view_of

_TABLES = ("projects", "orgs", "memberships", "project_roles")  # what ``queries.project_with_role`` reads


def visible_projects(actor: Actor) -> Listing:
    """``(Project, role)`` of every project that the actor may see."""
    return queries.seen_projects(actor)


def project_for(session: Session, actor: Actor, project_id: str | None, action: str = "project.read") -> ProjectView:
    """The project that a request is about, for an action of ``PERMISSIONS``: the named one, else an API key's own.

    Raises:
        NotFound: there is none, or it belongs to strangers.
        Forbidden: the actor may not do this, or the key may not read.
        Invalid: a person named none.
    """
    wanted = _wanted(actor, project_id)

    def ask() -> tuple[ProjectView, str | None] | None:
        found = queries.project_with_role(session, actor, wanted)
        return (view_of(found[0]), found[1]) if found else None

    asked = f"project:{actor.reach}:{wanted}"
    found = remembered(session, asked, _TABLES, tuple[ProjectView, str | None], ask) if is_uuid(wanted) else None
    if found is None:
        raise no_project()
    check(actor, found[1], action)
    return found[0]


def project_row(session: Session, actor: Actor, project_id: str | None, action: str = "project.read") -> Project:
    """``project_for`` for this room, which changes rows."""
    wanted = _wanted(actor, project_id)
    found = queries.project_with_role(session, actor, wanted) if is_uuid(wanted) else None
    if found is None:
        raise no_project()
    check(actor, found[1], action)
    return found[0]


def key_row(session: Session, actor: Actor, project_id: str, key_id: str, action: str) -> tuple[Project, ApiKey]:
    """A project's key.

    Raises:
        NotFound: no such project for this actor, or no such key in it.
        Forbidden: the actor may not do this.
    """
    valid = is_uuid(project_id) and is_uuid(key_id)
    found = queries.key_with_role(session, actor, project_id, key_id) if valid else None
    if found is None:
        raise NotFound("There is no such key")
    check(actor, found[1], action)
    if found[2] is None:
        raise NotFound("There is no such key")
    return found[0], found[2]


def no_project() -> NotFound:
    """The same for what is not there and for what belongs to strangers."""
    return NotFound("There is no such project")


def _wanted(actor: Actor, project_id: str | None) -> str:
    if actor.key_id and actor.scope != "secret":
        raise Forbidden("This key may only send events; reading needs a secret key (sk_...)")
    if project_id is None and not actor.key_id:
        raise Invalid.field("projectId", "is needed")
    return project_id if project_id is not None else actor.project_id
