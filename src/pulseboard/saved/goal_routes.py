"""A project's goals over HTTP, and how many of a site's visitors reach them."""

from collections.abc import Sequence
from functools import partial

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.db import Database, page
from pulseboard.insights import WEB, AskedFrame, AskedProject, AskedStore, AskedWebMeta, GoalCount, Wanted, count_goals
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.projects import project_for
from pulseboard.saved import goals, queries
from pulseboard.saved.goal_schemas import GoalIn, GoalList, GoalOut, GoalPatch, ReachedList, ReachedOut
from pulseboard.saved.models import Goal

LIST = "/api/v1/projects/{project_id:str}/goals"
ONE = LIST + "/{goal_id:str}"
READ, CHANGE = "insights.read", "insights.change"

_post = partial(post, LIST, opt={"problems": (409,)}, tags=["goals"], sync_to_thread=True)
_patch = partial(patch, ONE, opt={"problems": (409,)}, tags=["goals"], sync_to_thread=True)
_get = partial(get, tags=["goals"], sync_to_thread=True)


@_post()
def create_goal(
    project_id: FromPath[str], data: JSONBody[GoalIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]
) -> GoalOut:
    """Names what visitors are wanted to do: view a page, or send an event."""
    with db.write() as session:
        project = project_for(session, actor, project_id, CHANGE)
        return _out(goals.make_goal(session, project, data, clock()))


@_get(LIST)
def list_goals(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> GoalList:
    """The project's goals, oldest first."""
    with db.read() as session:
        project = project_for(session, actor, project_id, READ)
        found = page(session, queries.goals_of(project.id), Goal.id, limit, cursor)
    items = [_out(row) for (row,) in found.rows]
    return GoalList(items=items, total=found.total, next_cursor=found.next_cursor)


@_get(ONE)
def get_goal(project_id: FromPath[str], goal_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> GoalOut:
    """One goal."""
    with db.read() as session:
        return _out(goals.goal_row(session, actor, project_id, goal_id, READ))


@_patch()
def update_goal(
    project_id: FromPath[str],
    goal_id: FromPath[str],
    data: JSONBody[GoalPatch],
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
) -> GoalOut:
    """Changes what the body names."""
    with db.write() as session:
        row = goals.goal_row(session, actor, project_id, goal_id, CHANGE)
        goals.change_goal(session, row, data, clock())
        return _out(row)


@delete(ONE, tags=["goals"], sync_to_thread=True)
def delete_goal(project_id: FromPath[str], goal_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> None:
    """Removes a goal; what was counted for it can be counted again."""
    with db.write() as session:
        session.delete(goals.goal_row(session, actor, project_id, goal_id, CHANGE))


@get("/api/v1/stats/{website_id:str}/goals", tags=["web analytics"], sync_to_thread=True, dependencies=WEB)
def site_goals(
    store: AskedStore, frame: AskedFrame, web_meta: AskedWebMeta, project: AskedProject, db: Given[Database]
) -> ReachedList:
    """How often each of the project's goals was reached, and by how many of the site's visitors."""
    with db.read() as session:
        rows = queries.all_goals(session, project.id)
    visitors, counts = count_goals(store, frame, [_wanted(row) for row in rows])
    return ReachedList(visitors, _reached(rows, counts, visitors), web_meta())


routes = [create_goal, list_goals, get_goal, update_goal, delete_goal, site_goals]


def _wanted(row: Goal) -> Wanted:
    return Wanted("page" if row.kind == "page" else "event", row.pattern)


def _reached(rows: Sequence[Goal], counts: Sequence[GoalCount], visitors: int) -> list[ReachedOut]:
    return [
        ReachedOut(
            id=row.id,
            name=row.name,
            kind=row.kind,
            match=row.pattern,
            conversions=count.conversions,
            visitors=count.visitors,
            rate=count.visitors / visitors if visitors else 0.0,
        )
        for row, count in zip(rows, counts, strict=True)
    ]


def _out(row: Goal) -> GoalOut:
    return GoalOut(
        id=row.id,
        name=row.name,
        kind=row.kind,
        match=row.pattern,
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
    )
