"""A project's saved insights over HTTP."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody

from pulseboard.db import Database, page
from pulseboard.insights import BODY, AskedMetas, AskedStore, Range, Since, Spec, Timezone, Until, answer_spec
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.projects import project_for
from pulseboard.saved import insights, queries
from pulseboard.saved.models import SavedInsight
from pulseboard.saved.schemas import InsightIn, InsightList, InsightOut, InsightPatch, InsightResultOut

LIST = "/api/v1/projects/{project_id:str}/insights"
ONE = LIST + "/{insight_id:str}"
READ, CHANGE = "insights.read", "insights.change"


@post(LIST, opt={"problems": (409,)}, tags=["saved insights"], sync_to_thread=True)
def create_insight(
    project_id: FromPath[str], data: JSONBody[InsightIn], actor: Given[Actor], db: Given[Database], clock: Given[Clock]
) -> InsightOut:
    """Keeps a question under a name."""
    with db.write() as session:
        project = project_for(session, actor, project_id, CHANGE)
        return _out(insights.make_insight(session, project, actor, data, clock()))


@get(LIST, tags=["saved insights"], sync_to_thread=True)
def list_insights(
    project_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    kind: FromQuery[str | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> InsightList:
    """The project's saved insights, oldest first, of all kinds or of one."""
    with db.read() as session:
        project = project_for(session, actor, project_id, READ)
        found = page(session, queries.insights_of(project.id, kind), SavedInsight.id, limit, cursor)
    items = [_out(row) for (row,) in found.rows]
    return InsightList(items=items, total=found.total, next_cursor=found.next_cursor)


@get(ONE, tags=["saved insights"], sync_to_thread=True)
def get_insight(
    project_id: FromPath[str], insight_id: FromPath[str], actor: Given[Actor], db: Given[Database]
) -> InsightOut:
    """One saved insight."""
    with db.read() as session:
        return _out(insights.insight_row(session, actor, project_id, insight_id, READ)[1])


@patch(ONE, tags=["saved insights"], sync_to_thread=True)
def update_insight(
    project_id: FromPath[str],
    insight_id: FromPath[str],
    data: JSONBody[InsightPatch],
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
) -> InsightOut:
    """Changes what the body names."""
    with db.write() as session:
        project, row = insights.insight_row(session, actor, project_id, insight_id, CHANGE)
        insights.change_insight(session, project, row, data, clock())
        return _out(row)


@delete(ONE, tags=["saved insights"], sync_to_thread=True)
def delete_insight(
    project_id: FromPath[str], insight_id: FromPath[str], actor: Given[Actor], db: Given[Database]
) -> None:
    """Removes a saved insight."""
    with db.write() as session:
        session.delete(insights.insight_row(session, actor, project_id, insight_id, CHANGE)[1])


@get(ONE + "/result", dependencies={"metas": BODY["metas"]}, tags=["saved insights"], sync_to_thread=True)
def get_insight_result(
    project_id: FromPath[str],
    insight_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
    store: AskedStore,
    metas: AskedMetas,
    since: Since = None,
    until: Until = None,
    range_: Range = None,
    timezone: Timezone = None,
) -> InsightResultOut:
    """The answer to a saved insight now; a range or a time zone that is sent takes the place of its own."""
    with db.read() as session:
        project, row = insights.insight_row(session, actor, project_id, insight_id, READ)
        spec = _moved(insights.spec_of(row), since, until, range_, timezone)
        context = insights.context_in(session, project, clock())
        result = answer_spec(row.kind, spec, context, store, metas)
    return InsightResultOut(row.id, row.name, row.kind, result)


def _moved(spec: Spec, since: str | None, until: str | None, span: str | None, timezone: str | None) -> Spec:
    period = {key: value for key, value in (("from", since), ("to", until), ("range", span)) if value is not None}
    kept = {key: value for key, value in spec.items() if not period or key not in ("from", "to", "range")}
    return {**kept, **period, **({} if timezone is None else {"timezone": timezone})}


def _out(row: SavedInsight) -> InsightOut:
    return InsightOut(
        id=row.id,
        name=row.name,
        description=row.description,
        kind=row.kind,
        spec=insights.spec_of(row),
        created_by=row.created_by,
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
    )


routes = [create_insight, list_insights, get_insight, update_insight, delete_insight, get_insight_result]
