"""Making, changing and finding saved insights."""

from datetime import datetime

import msgspec
from msgspec import UnsetType
from sqlalchemy.orm import Session

from pulseboard.errors import Conflict, Invalid, NotFound
from pulseboard.insights import Context, Spec, check_spec, context_of
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import Actor
from pulseboard.projects import ProjectView, project_for
from pulseboard.saved import queries
from pulseboard.saved.models import SavedInsight
from pulseboard.saved.schemas import InsightIn, InsightPatch
from pulseboard.saved.segments import find_filters

MAX_INSIGHTS = 2_000  # of a project
MAX_SPEC = 64 * 1024  # characters


def insight_row(
    session: Session, actor: Actor, project_id: str, insight_id: str, action: str
) -> tuple[ProjectView, SavedInsight]:
    """A project's saved insight.

    Raises:
        NotFound: no such project for this actor, or no such insight in it.
        Forbidden: the actor may not do this.
    """
    project = project_for(session, actor, project_id, action)
    found = queries.insight_of(session, project.id, insight_id) if is_uuid(insight_id) else None
    if found is None:
        raise NotFound("There is no such saved insight")
    return project, found


def make_insight(session: Session, project: ProjectView, actor: Actor, data: InsightIn, now: datetime) -> SavedInsight:
    """A new saved insight.

    Raises:
        Invalid: the spec is none of its kind.
        Conflict: the project has too many.
    """
    spec = _checked(session, project, data.kind, data.spec, now)
    if queries.insight_count(session, project.id) >= MAX_INSIGHTS:
        raise Conflict(f"A project has at most {MAX_INSIGHTS} saved insights")
    row = SavedInsight(
        id=new_id(),
        project_id=project.id,
        name=data.name,
        description=data.description,
        kind=data.kind,
        spec=spec,
        created_by=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    return row


def change_insight(
    session: Session, project: ProjectView, row: SavedInsight, data: InsightPatch, now: datetime
) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: the spec, as it would be, is none of its kind.
    """
    kind = row.kind if isinstance(data.kind, UnsetType) else data.kind
    spec = spec_of(row) if isinstance(data.spec, UnsetType) else data.spec
    row.spec, row.kind = _checked(session, project, kind, spec, now), kind
    if not isinstance(data.name, UnsetType):
        row.name = data.name
    if not isinstance(data.description, UnsetType):
        row.description = data.description
    row.updated_at = now


def spec_of(row: SavedInsight) -> Spec:
    """What the insight asks."""
    spec: Spec = msgspec.json.decode(row.spec)
    return spec


def context_in(session: Session, project: ProjectView, now: datetime) -> Context:
    """What surrounds a question of the project, its segments as the session sees them."""
    return context_of(project.id, project.timezone, now, lambda owner, id: find_filters(session, owner, id))


def _checked(session: Session, project: ProjectView, kind: str, spec: Spec, now: datetime) -> str:
    check_spec("spec", kind, spec, context_in(session, project, now))
    text = msgspec.json.encode(spec).decode()
    if len(text) > MAX_SPEC:
        raise Invalid.field("spec", f"must have {MAX_SPEC} characters or fewer")
    return text
