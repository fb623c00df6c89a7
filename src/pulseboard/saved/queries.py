"""The statements about what is saved."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulseboard.db import Listing
from pulseboard.saved.models import Segment


def segments_of(project_id: str) -> Listing:
    return select(Segment).where(Segment.project_id == project_id)


def segment_of(session: Session, project_id: str, segment_id: str) -> Segment | None:
    return session.scalar(select(Segment).where(Segment.project_id == project_id, Segment.id == segment_id))


def segment_count(session: Session, project_id: str) -> int:
    return session.scalar(select(func.count()).where(Segment.project_id == project_id)) or 0
