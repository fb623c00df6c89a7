"""A scope as the engine's own filter on every table: a statement that forgets its WHERE still sees one project."""

from collections.abc import Mapping

from pulseboard.errors import NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.store.base import ProjectScope, Scope
from pulseboard.store.params import escape

_DATED = "events"
Tables = Mapping[str, bool]  # table name -> whether it has a project_id column


def table_filters(scope: Scope, tables: Tables) -> str:
    """The literal of ``additional_table_filters``; tables that belong to no project are closed to a project's reads.

    Raises:
        NotFound: the project id is not a UUID, so no project can have it.
    """
    if not isinstance(scope, ProjectScope):
        return "{}"
    if not is_uuid(scope.project_id):
        raise NotFound()
    own = f"project_id = '{scope.project_id}'"
    # By the day, as the table lies in their order and keeps sums of them.
    late = f"{own} AND toDate(timestamp) >= '{scope.since.isoformat()}'" if scope.since else own
    filters = {name: (late if name == _DATED else own) if scoped else "0" for name, scoped in tables.items()}
    pairs = (f"'{escape(name)}': '{escape(test)}'" for name, test in sorted(filters.items()))
    return "{" + ", ".join(pairs) + "}"
