"""Groups of errors over HTTP."""

from functools import partial
from typing import Annotated

from litestar import get, patch
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from pulseboard.audit import Caller
from pulseboard.db import Database
from pulseboard.errors import Invalid
from pulseboard.insights import FRAME, AskedFrame, AskedMeta, AskedStore
from pulseboard.issues import groups, read
from pulseboard.issues.schemas import ErrorDetailOut, ErrorList, StateOut, StatePatch
from pulseboard.issues.states import Shown, State, decide
from pulseboard.kit.clock import Clock
from pulseboard.orgs import Actor
from pulseboard.projects import project_for
from pulseboard.store import ProjectScope

ONE = "/api/v1/errors/{fingerprint:str}"

SORTS: dict[str, groups.Sort] = {"lastSeen": "last_seen", "count": "count", "users": "users"}

AskedStatus = Annotated[Shown | None, QueryParameter(name="status", description="Only groups that stand so.")]
AskedSort = Annotated[
    str,
    QueryParameter(
        name="sort", schema_extra={"enum": list(SORTS)}, description="By what the largest comes first: see `items`."
    ),
]
PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=100, description="How many to return at most.")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`nextCursor` of the page before.")]
ProjectParam = Annotated[str | None, QueryParameter(name="projectId", max_length=100, description="The project.")]

_get = partial(get, tags=["errors"], sync_to_thread=True, dependencies=FRAME)


@_get("/api/v1/errors")
def list_errors(
    store: AskedStore,
    db: Given[Database],
    frame: AskedFrame,
    meta: AskedMeta,
    status: AskedStatus = None,
    sort: AskedSort = "lastSeen",
    limit: PageSize = 50,
    cursor: PageCursor = None,
) -> ErrorList:
    """Errors in groups, those that happened last first."""
    after = None if cursor is None else read.read_cursor(cursor)
    wanted = read.Wanted(_sort(sort), status, limit, after)
    return read.error_list(store, db, frame, wanted, meta)


@_get(ONE, opt={"problems": (404,)})
def get_error(
    fingerprint: FromPath[str], store: AskedStore, db: Given[Database], frame: AskedFrame, meta: AskedMeta
) -> ErrorDetailOut:
    """One group: its last event with the stack trace, what the same person did before, its releases."""
    return read.error_detail(store, db, frame, fingerprint, meta)


@patch(ONE, tags=["errors"], opt={"problems": (404,)}, sync_to_thread=True)
def update_error(
    fingerprint: FromPath[str],
    data: JSONBody[StatePatch],
    store: AskedStore,
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    project_id: ProjectParam = None,
) -> StateOut:
    """Resolves, ignores or opens a group. A resolved one comes back by itself when it happens again."""
    with db.read() as session:
        project = project_for(session, actor, project_id, "insights.change")
    scope = ProjectScope(project.id)
    read.life_of(store, scope, fingerprint)
    release = "" if data.release is UNSET or data.status != "resolved" else data.release
    state = State(data.status, clock(), actor.user_id or None, release)
    with db.write() as session:
        decide(session, caller, project, fingerprint, state)
    return read.state_out(state, groups.releases_of(store, scope, [fingerprint]).get(fingerprint, []))


routes = [list_errors, get_error, update_error]


def _sort(word: str) -> groups.Sort:
    if word not in SORTS:
        raise Invalid.field("sort", f"must be one of {', '.join(SORTS)}")
    return SORTS[word]
