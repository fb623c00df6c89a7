"""Pages of persons behind a number."""

from collections.abc import Sequence

from pulseboard.insights.buckets import moment
from pulseboard.insights.parse import Frame
from pulseboard.insights.product.schemas import UserOut
from pulseboard.insights.product.sql.people import render_people
from pulseboard.kit.clock import rfc3339
from pulseboard.store import Store


def page_of(store: Store, frame: Frame, persons: Sequence[int], limit: int) -> tuple[list[UserOut], str | None]:
    """The users with the first ``limit`` numbers, and the cursor of the next page if there are more."""
    page = persons[:limit]
    if not page:
        return [], None
    statement = render_people(frame, page)
    rows = store.read(statement.sql, statement.params, frame.scope)
    users = [
        UserOut(row["user"], row["anonymous"], rfc3339(moment(row["first_ms"])), rfc3339(moment(row["last_ms"])))
        for row in rows
    ]
    return users, str(page[-1]) if len(persons) > limit else None
