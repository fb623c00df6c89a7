"""Making and changing goals."""

from datetime import datetime

from msgspec import UnsetType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.errors import Conflict, Invalid, NotFound
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import Actor
from pulseboard.projects import ProjectView, project_for
from pulseboard.saved import queries
from pulseboard.saved.goal_schemas import GoalIn, GoalPatch
from pulseboard.saved.models import Goal

MAX_GOALS = 100  # of a project; one read counts all of them


def goal_row(session: Session, actor: Actor, project_id: str, goal_id: str, action: str) -> Goal:
    """A project's goal.

    Raises:
        NotFound: no such project for this actor, or no such goal in it.
        Forbidden: the actor may not do this.
    """
    project = project_for(session, actor, project_id, action)
    found = queries.goal_of(session, project.id, goal_id) if is_uuid(goal_id) else None
    if found is None:
        raise NotFound("There is no such goal")
    return found


def make_goal(session: Session, project: ProjectView, data: GoalIn, now: datetime) -> Goal:
    """A new goal.

    Raises:
        Invalid: no page can be meant.
        Conflict: the name is taken, or the project has too many.
    """
    _check(data.kind, data.match)
    if queries.goal_count(session, project.id) >= MAX_GOALS:
        raise Conflict(f"A project has at most {MAX_GOALS} goals")
    row = Goal(
        id=new_id(),
        project_id=project.id,
        name=data.name,
        kind=data.kind,
        pattern=data.match,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    _flush(session, data.name)
    return row


def change_goal(session: Session, row: Goal, data: GoalPatch, now: datetime) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: no page can be meant.
        Conflict: the name is taken.
    """
    row.kind = row.kind if isinstance(data.kind, UnsetType) else data.kind
    row.pattern = row.pattern if isinstance(data.match, UnsetType) else data.match
    row.name = row.name if isinstance(data.name, UnsetType) else data.name
    _check(row.kind, row.pattern)
    row.updated_at = now
    _flush(session, row.name)


def _check(kind: str, match: str) -> None:
    if kind == "page" and not match.startswith(("/", "*")):
        raise Invalid.field("match", "must be a path such as /thanks or /blog/*")


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(f"There is a goal called {name} already") from None
