"""A project's segments over HTTP."""

from functools import partial

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.db import Database, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.projects import project_for
from pulseboard.saved import queries, segments
from pulseboard.saved.models import Segment
from pulseboard.saved.schemas import SegmentIn, SegmentList, SegmentOut, SegmentPatch

LIST = "/api/v1/projects/{project_id:str}/segments"
ONE = LIST + "/{segment_id:str}"
READ, CHANGE = "insights.read", "insights.change"

_post = partial(post, LIST, opt={"problems": (409,)}, tags=["segments"], sync_to_thread=True)
_patch = partial(patch, ONE, opt={"problems": (409,)}, tags=["segments"], sync_to_thread=True)
_get = partial(get, tags=["segments"], sync_to_thread=True)


@_post()
def create_segment(
    project_id: FromPath[str], data: JSONBody[SegmentIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]
) -> SegmentOut:
    """Gives filters a name, by which every read's `filters` can use them: `{"segment": id}`."""
    with db.write() as session:
        project = project_for(session, actor, project_id, CHANGE)
        return _out(segments.make_segment(session, project, data, clock()))


@_get(LIST)
def list_segments(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> SegmentList:
    """The project's segments, oldest first."""
    with db.read() as session:
        project = project_for(session, actor, project_id, READ)
        found = page(session, queries.segments_of(project.id), Segment.id, limit, cursor)
    items = [_out(row) for (row,) in found.rows]
    return SegmentList(items=items, total=found.total, next_cursor=found.next_cursor)


@_get(ONE)
def get_segment(
    project_id: FromPath[str], segment_id: FromPath[str], actor: Given[Actor], db: Given[Database]
) -> SegmentOut:
    """One segment."""
    with db.read() as session:
        return _out(segments.segment_row(session, actor, project_id, segment_id, READ))


@_patch()
def update_segment(
    project_id: FromPath[str],
    segment_id: FromPath[str],
    data: JSONBody[SegmentPatch],
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
) -> SegmentOut:
    """Changes what the body names."""
    with db.write() as session:
        row = segments.segment_row(session, actor, project_id, segment_id, CHANGE)
        segments.change_segment(session, row, data, clock())
        return _out(row)


@delete(ONE, opt={"problems": (409,)}, tags=["segments"], sync_to_thread=True)
def delete_segment(
    project_id: FromPath[str], segment_id: FromPath[str], actor: Given[Actor], db: Given[Database]
) -> None:
    """Removes a segment that no other segment and no saved insight refers to."""
    with db.write() as session:
        segments.remove_segment(session, actor, project_id, segment_id)


def _out(row: Segment) -> SegmentOut:
    return SegmentOut(
        id=row.id,
        name=row.name,
        description=row.description,
        filters=msgspec.json.decode(row.body),
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
    )


routes = [create_segment, list_segments, get_segment, update_segment, delete_segment]
