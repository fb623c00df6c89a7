"""What is asked of a month: over HTTP, and as SQL that a person would write for the same answer, in several ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_RANGE = "timestamp >= {since:DateTime64(3, 'UTC')} AND timestamp < {until:DateTime64(3, 'UTC')}"
_DAYS = "toDate(timestamp) >= {first:Date} AND toDate(timestamp) <= {last:Date}"
_WHERE = f"project_id = {{project:UUID}} AND {_RANGE} AND {_DAYS}"
_INNER = "project_id = {project:UUID} AND toDate(timestamp) > {first:Date} AND toDate(timestamp) < {last:Date}"
_FIRST = f"project_id = {{project:UUID}} AND {_RANGE} AND toDate(timestamp) = {{first:Date}}"
_LAST = f"project_id = {{project:UUID}} AND {_RANGE} AND toDate(timestamp) = {{last:Date}}"
_COUNTS = "count() AS events, sum(is_error) AS errors"
_BITMAPS = "groupBitmapIf(person, person != 0) AS users, groupBitmapIf(session, session != 0) AS sessions"
_STATES = "groupBitmapIfState(person, person != 0) AS users, groupBitmapIfState(session, session != 0) AS sessions"
_FUNNEL = ("PAGE_VIEW", "sign_up", "purchase")


@dataclass(frozen=True)
class Question:
    """``body`` makes it a POST. Of the statements ``by_hand`` the quickest counts. ``bar`` is in ms, over HTTP."""

    name: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    by_hand: tuple[str, ...] = ()
    bar: int | None = None
    days: int = 30


def _edges(columns: str, group: str = "") -> str:
    """Whole days from what is kept of them, and the two cut ones row by row."""
    return "\nUNION ALL\n".join(
        f"SELECT {columns} FROM events WHERE {where} {group}" for where in (_INNER, _FIRST, _LAST)
    )


QUESTIONS = (
    Question(
        "overview with exact uniques",
        "/api/v1/metrics/overview",
        by_hand=(
            f"SELECT {_COUNTS}, {_BITMAPS} FROM events WHERE {_WHERE}",
            f"SELECT sum(events), sum(errors), groupBitmapIfMerge(users), groupBitmapIfMerge(sessions) FROM "
            f"({_edges(f'{_COUNTS}, {_STATES}', 'GROUP BY toDate(timestamp)')})",
        ),
        bar=50,
    ),
    Question(
        "daily series",
        "/api/v1/metrics/events/timeseries",
        {"interval": "day"},
        by_hand=(
            f"SELECT toDate(timestamp) AS day, count() FROM events WHERE {_WHERE} GROUP BY day ORDER BY day",
            f"SELECT day, sum(n) FROM ({_edges('toDate(timestamp) AS day, count() AS n', 'GROUP BY day')}) "
            "GROUP BY day ORDER BY day",
        ),
        bar=50,
    ),
    Question(
        "top 10 pages with visitors",
        "/api/v1/stats/{project}/top-pages",
        {"limit": "10"},
        by_hand=(
            f"SELECT path, count() AS n, groupBitmapIf(person, person != 0) FROM events WHERE {_WHERE} "
            "AND kind = 'PAGE_VIEW' AND bot = 0 GROUP BY path ORDER BY n DESC LIMIT 10",
        ),
    ),
    Question(
        "daily series broken down by name",
        "/api/v1/metrics/events/timeseries",
        {"interval": "day", "breakdown": "name"},
        by_hand=(
            f"SELECT toDate(timestamp) AS day, name, count() FROM events WHERE {_WHERE} GROUP BY day, name",
            "SELECT toDate(toStartOfFifteenMinutes(timestamp)) AS day, name, count() FROM events "
            "WHERE project_id = {project:UUID} AND toStartOfFifteenMinutes(timestamp) >= {first:Date} "
            "AND toStartOfFifteenMinutes(timestamp) < {last:Date} GROUP BY day, name",
        ),
    ),
    Question(
        "funnel of 3 steps",
        "/api/v1/insights/funnel",
        body={"window": "7d", "steps": [{"event": name} for name in _FUNNEL]},
        by_hand=(
            "SELECT level, count() FROM (SELECT person, windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli("
            f"timestamp)), {', '.join(f'name = {name!r}' for name in _FUNNEL)}) AS level FROM events WHERE {_WHERE} "
            f"AND name IN {_FUNNEL!r} AND person != 0 GROUP BY person) GROUP BY level",
        ),
        bar=400,
    ),
    Question(
        "retention of 8 weeks",
        "/api/v1/insights/retention",
        body={"period": "week", "startEvent": "PAGE_VIEW", "returnEvent": "PAGE_VIEW"},
        by_hand=(
            "SELECT weeks[1] AS cohort, week, count() FROM (SELECT arraySort(groupUniqArray(toMonday(timestamp))) "
            f"AS weeks FROM events WHERE {_WHERE} AND name = 'PAGE_VIEW' AND person != 0 GROUP BY person) "
            "ARRAY JOIN weeks AS week GROUP BY cohort, week",
        ),
        days=56,
    ),
    Question(
        "sessions",
        "/api/v1/insights/sessions",
        body={},
        by_hand=(
            "SELECT count(), avg(length), avg(events = 1 OR views = 1) FROM (SELECT max(timestamp) - min(timestamp) "
            f"AS length, count() AS events, countIf(kind = 'PAGE_VIEW') AS views FROM events WHERE {_WHERE} "
            "AND session != 0 GROUP BY session)",
        ),
    ),
    Question(
        "API percentiles",
        "/api/v1/api-usage/overview",
        by_hand=(
            "SELECT count(), avg(duration_ms), quantilesExact(0.5, 0.9, 0.95, 0.99)(duration_ms), "
            "countIf(status_code >= 400 AND status_code < 500), countIf(status_code >= 500), "
            f"countIf(duration_ms <= 500), countIf(duration_ms <= 2000) FROM events WHERE {_WHERE} "
            "AND kind = 'REQUEST'",
        ),
    ),
)
