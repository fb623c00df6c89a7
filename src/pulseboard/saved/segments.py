"""Making and changing segments, and finding their filters for reads."""

from datetime import datetime

import msgspec
from msgspec import UnsetType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.db import Database
from pulseboard.errors import Conflict, NotFound
from pulseboard.insights import Context, check_filters, context_of
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.orgs import Actor
from pulseboard.projects import ProjectView, project_for
from pulseboard.saved import queries
from pulseboard.saved.models import Segment
from pulseboard.saved.schemas import SegmentIn, SegmentPatch

MAX_SEGMENTS = 500  # of a project


class SavedSegments:
    """The filters of saved segments, for reads: called with a project's id and a segment's."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __call__(self, project_id: str, segment_id: str) -> object:
        """The segment's filters in decoded JSON; None where the project has no such segment."""
        with self._db.read() as session:
            return find_filters(session, project_id, segment_id)


def find_filters(session: Session, project_id: str, segment_id: str) -> object:
    """``SavedSegments`` within a session."""
    row = queries.segment_of(session, project_id, segment_id) if is_uuid(segment_id) else None
    return None if row is None else msgspec.json.decode(row.body)


def segment_row(session: Session, actor: Actor, project_id: str, segment_id: str, action: str) -> Segment:
    """A project's segment.

    Raises:
        NotFound: no such project for this actor, or no such segment in it.
        Forbidden: the actor may not do this.
    """
    project = project_for(session, actor, project_id, action)
    found = queries.segment_of(session, project.id, segment_id) if is_uuid(segment_id) else None
    if found is None:
        raise _no_segment()
    return found


def make_segment(session: Session, project: ProjectView, data: SegmentIn, now: datetime) -> Segment:
    """A new segment.

    Raises:
        Invalid: its filters are none.
        Conflict: the name is taken, or the project has too many.
    """
    check_filters("filters", data.filters, _context(session, project.id, now))
    if queries.segment_count(session, project.id) >= MAX_SEGMENTS:
        raise Conflict(f"A project has at most {MAX_SEGMENTS} segments")
    row = Segment(
        id=new_id(),
        project_id=project.id,
        name=data.name,
        description=data.description,
        body=_text(data.filters),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    _flush(session, data.name)
    return row


def change_segment(session: Session, row: Segment, data: SegmentPatch, now: datetime) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: its filters are none, or it would be part of itself.
        Conflict: the name is taken.
    """
    if not isinstance(data.filters, UnsetType):
        check_filters("filters", data.filters, _context(session, row.project_id, now), inside=(row.id,))
        row.body = _text(data.filters)
    if not isinstance(data.name, UnsetType):
        row.name = data.name
    if not isinstance(data.description, UnsetType):
        row.description = data.description
    row.updated_at = now
    _flush(session, row.name)


def remove_segment(session: Session, actor: Actor, project_id: str, segment_id: str) -> None:
    """Removes a segment that nothing refers to.

    Raises:
        NotFound, Forbidden: as ``segment_row``.
        Conflict: something refers to it.
    """
    project = project_for(session, actor, project_id, "insights.change")
    if not is_uuid(segment_id):
        raise _no_segment()
    if name := queries.user_of_segment(session, project.id, segment_id):
        raise Conflict(f"The segment is used by {name}")
    if not queries.drop_segment(session, project.id, segment_id):
        raise _no_segment()


def _no_segment() -> NotFound:
    return NotFound("There is no such segment")


def _context(session: Session, project_id: str, now: datetime) -> Context:
    return context_of(project_id, "UTC", now, lambda project, id: find_filters(session, project, id))


def _text(filters: object) -> str:
    return msgspec.json.encode(filters).decode()


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict(f"There is a segment {name} already") from twice
