"""Another role of a member in one project.

It may be higher or lower than the one in the organisation, and counts in its place. Not for admins and owners, who
could give the old one back to themselves; who becomes one loses it for good. And never owner: what owners do is done to
the organisation.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from pulseboard.accounts import User
from pulseboard.audit import Caller, Target
from pulseboard.errors import Conflict, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.orgs import Actor, Membership, check
from pulseboard.projects import queries
from pulseboard.projects.journal import record
from pulseboard.projects.models import Project, ProjectRole
from pulseboard.projects.scope import no_project


class Colleague(NamedTuple):
    """A member with their role in a project."""

    membership: Membership
    user: User
    role: str


def set_role(
    session: Session, caller: Caller, actor: Actor, project_id: str, member_id: str, role: str, now: datetime
) -> Colleague:
    """Gives the member a role in the project.

    Raises:
        NotFound, Forbidden: as for the project; or there is no such member.
        Conflict: the member is an admin or an owner.
    """
    project, membership, user, own = _member(session, actor, project_id, member_id)
    if membership.role in queries.UNTOUCHED:
        raise Conflict(f"An {membership.role}'s role holds in every project")
    before = {"role": own.role if own else membership.role}
    if own is None:
        session.add(ProjectRole(project_id=project.id, membership_id=membership.id, role=role))
    else:
        own.role = role
    record(session, caller, now, "project-role.changed", project, before, {"role": role}, target=_target(user, project))
    return Colleague(membership, user, role)


def remove_role(session: Session, caller: Caller, actor: Actor, project_id: str, member_id: str, now: datetime) -> None:
    """Lets the member's role in the organisation count again.

    Raises:
        NotFound, Forbidden: as for the project; or the member has no other role in it.
    """
    project, _, user, own = _member(session, actor, project_id, member_id)
    if own is None:
        raise NotFound("This member has no other role in this project")
    session.delete(own)
    record(session, caller, now, "project-role.removed", project, {"role": own.role}, target=_target(user, project))


def _member(
    session: Session, actor: Actor, project_id: str, member_id: str
) -> tuple[Project, Membership, User, ProjectRole | None]:
    valid = is_uuid(project_id) and is_uuid(member_id)
    found = queries.project_and_member(session, actor, project_id, member_id) if valid else None
    if found is None:
        raise no_project()
    check(actor, found.role, "project-roles.change")
    if found.membership is None or found.user is None:
        raise NotFound("There is no such member")
    return found.project, found.membership, found.user, found.own


def _target(user: User, project: Project) -> Target:
    return Target("person", user.id, f"{user.email} in {project.name}")
