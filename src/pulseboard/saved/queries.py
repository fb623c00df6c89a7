"""The statements about what is saved."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pulseboard.db import Listing
from pulseboard.saved.models import Goal, SavedInsight, Segment


def segments_of(project_id: str) -> Listing:
    return select(Segment).where(Segment.project_id == project_id)


def segment_of(session: Session, project_id: str, segment_id: str) -> Segment | None:
    return session.scalar(select(Segment).where(Segment.project_id == project_id, Segment.id == segment_id))


def segment_count(session: Session, project_id: str) -> int:
    return session.scalar(select(func.count()).where(Segment.project_id == project_id)) or 0


def insights_of(project_id: str, kind: str | None) -> Listing:
    found = select(SavedInsight).where(SavedInsight.project_id == project_id)
    return found if kind is None else found.where(SavedInsight.kind == kind)


def insight_of(session: Session, project_id: str, insight_id: str) -> SavedInsight | None:
    mine = select(SavedInsight).where(SavedInsight.project_id == project_id)
    return session.scalar(mine.where(SavedInsight.id == insight_id))


def insight_count(session: Session, project_id: str) -> int:
    return session.scalar(select(func.count()).where(SavedInsight.project_id == project_id)) or 0


def drop_segment(session: Session, project_id: str, segment_id: str) -> bool:
    """Removes it; False when the project has none of that id."""
    dropped = delete(Segment).where(Segment.project_id == project_id, Segment.id == segment_id).returning(Segment.id)
    return session.scalar(dropped) is not None


def user_of_segment(session: Session, project_id: str, segment_id: str) -> str | None:
    """The name of something in the project that refers to the segment."""
    others = select(Segment.name).where(Segment.project_id == project_id, Segment.body.contains(segment_id))
    insights = select(SavedInsight.name).where(
        SavedInsight.project_id == project_id, SavedInsight.spec.contains(segment_id)
    )
    return session.scalar(others.union_all(insights).limit(1))


def goals_of(project_id: str) -> Listing:
    return select(Goal).where(Goal.project_id == project_id)


def all_goals(session: Session, project_id: str) -> Sequence[Goal]:
    """Oldest first."""
    return session.scalars(select(Goal).where(Goal.project_id == project_id).order_by(Goal.id)).all()


def goal_of(session: Session, project_id: str, goal_id: str) -> Goal | None:
    return session.scalar(select(Goal).where(Goal.project_id == project_id, Goal.id == goal_id))


def goal_count(session: Session, project_id: str) -> int:
    return session.scalar(select(func.count()).where(Goal.project_id == project_id)) or 0
