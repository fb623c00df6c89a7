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
_DAY, _QUARTER = "toDate(timestamp)", "toStartOfFifteenMinutes(timestamp)"
_STATES = (
    "count() AS events, sum(is_error) AS errors, groupBitmapIfState(person, person != 0) AS users, "
    "groupBitmapIfState(session, session != 0) AS sessions"
)
_CUT_DAYS = f"{_DAY} IN ({{first:Date}}, {{last:Date}})"
# The first full quarter of an hour, and the one that is cut at the end.
_FULL = "toStartOfFifteenMinutes({since:DateTime64(3, 'UTC')}) + INTERVAL 15 MINUTE"
_LAST_CUT = "toStartOfFifteenMinutes({until:DateTime64(3, 'UTC')})"
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


# Twice the range, which is two periods. Whole days come from what is kept of them, the three cut ones row by row.
_OVERVIEW = f"""
SELECT now, sum(events), sum(errors), groupBitmapIfMerge(users), groupBitmapIfMerge(sessions) FROM (
    SELECT {_DAY} > {{first:Date}} AS now, {_STATES} FROM events
    WHERE project_id = {{project:UUID}}
        AND {_DAY} > {{before:Date}} AND {_DAY} < {{last:Date}} AND {_DAY} != {{first:Date}}
    GROUP BY now, {_DAY}
    UNION ALL
    SELECT timestamp >= {{since:DateTime64(3, 'UTC')}} AS now, {_STATES} FROM events
    WHERE project_id = {{project:UUID}} AND timestamp >= {{earlier:DateTime64(3, 'UTC')}}
        AND timestamp < {{until:DateTime64(3, 'UTC')}} AND {_DAY} IN ({{before:Date}}, {{first:Date}}, {{last:Date}})
    GROUP BY now
) GROUP BY now"""


def _by_quarters(group: str) -> str:
    """Quarters of an hour from what is kept of them, and the two cut ones row by row."""
    return f"""
SELECT {group}, sum(n) AS n FROM (
    SELECT toDate({_QUARTER}) AS {group}, count() AS n FROM events
    WHERE project_id = {{project:UUID}} AND {_QUARTER} >= {_FULL} AND {_QUARTER} < {_LAST_CUT}
    GROUP BY {group}
    UNION ALL
    SELECT {_DAY} AS {group}, count() AS n FROM events
    WHERE project_id = {{project:UUID}} AND {_RANGE} AND {_CUT_DAYS}
        AND (timestamp < {_FULL} OR timestamp >= {_LAST_CUT})
    GROUP BY {group}
) GROUP BY {group}"""


# The ten largest names and all others.
_BY_NAME = f"""
SELECT if(place <= 10, name, 'Other') AS label, point.1 AS day, sum(point.2) FROM (
    SELECT name, groupArray((day, n)) AS points, row_number() OVER (ORDER BY sum(n) DESC, name) AS place
    FROM ({_by_quarters("day, name")}) GROUP BY name
) ARRAY JOIN points AS point GROUP BY label, day"""

_VIEWS = "kind = 'PAGE_VIEW' AND bot = 0"
_PERSONS = "groupBitmapIfState(person, person != 0) AS persons"


def _days_and_edges(key: str, condition: str, columns: str) -> str:
    """Whole days from what is kept of them, and the two cut ones row by row."""
    return "\nUNION ALL\n".join(
        f"SELECT {key}, {columns} FROM events WHERE {where} AND {condition} GROUP BY {key.split(' AS ')[-1]}"
        for where in (_INNER, f"project_id = {{project:UUID}} AND {_RANGE} AND {_CUT_DAYS}")
    )


# A page is kept for page views only.
_TOP_PAGES = f"""
SELECT page.1 AS host, page.2 AS path, sum(views) AS n, groupBitmapIfMerge(persons) FROM ({
    _days_and_edges(
        "(if(kind = 'PAGE_VIEW', host, ''), if(kind = 'PAGE_VIEW', path, '')) AS page",
        _VIEWS,
        f"count() AS views, {_PERSONS}",
    )
}) GROUP BY page ORDER BY n DESC, host, path LIMIT 10"""

# Everybody's set of each week; who is in no earlier one is new, and whose sets meet came back.
_EARLIER = "groupBitmapMergeState(persons) OVER (ORDER BY week ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
_RETENTION = f"""
SELECT week, arrayMap(later -> (later.1, bitmapAndCardinality(fresh, later.2)),
    arrayFilter(later -> later.1 >= week, groupArray((week, persons)) OVER ())) AS cells
FROM (
    SELECT week, persons, bitmapAndnot(persons, {_EARLIER}) AS fresh FROM (
        SELECT week, CAST(groupBitmapIfMergeState(persons) AS AggregateFunction(groupBitmap, UInt32)) AS persons
        FROM ({_days_and_edges("toMonday(toDate(timestamp)) AS week", "name = 'PAGE_VIEW'", _PERSONS)}) GROUP BY week
    )
)"""

# Everybody who did the first step from their sets; one by one only who did the second.
_LEVEL = (
    "windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(timestamp)), "
    f"{', '.join(f'name = {name!r}' for name in _FUNNEL)}) AS level"
)
_FURTHER = f"""
SELECT (SELECT groupBitmapIfMerge(persons) FROM (
    {_days_and_edges("1 AS one", f"name = {_FUNNEL[0]!r}", _PERSONS)})) AS began,
    countIf(level >= 2), countIf(level >= 3)
FROM (
    SELECT {_LEVEL} FROM events
    WHERE {_WHERE} AND name IN {_FUNNEL!r}
        AND person IN (SELECT person FROM events WHERE {_WHERE} AND name = {_FUNNEL[1]!r} AND person != 0)
    GROUP BY person
)"""

# All sessions and those of each day; the ten pages on which most of them began, and on which they ended.
_PLACED = "concat(reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(timestamp)))), page)"
_SESSIONS = f"""
SELECT grouping(day, entry, exit) AS part, day, entry, exit, count(), countIf(seen) AS visits, countIf(events = 1),
    sum(events), sum(took), quantileExactInclusive(0.5)(took)
FROM (
    SELECT toDate(begun) AS day, dateDiff('millisecond', begun, ended) AS took, events, entered != '' AS seen,
        substring(entered, 9) AS entry, substring(left, 9) AS exit
    FROM (
        SELECT min(timestamp) AS begun, max(timestamp) AS ended, count() AS events,
            minIf({_PLACED}, kind = 'PAGE_VIEW') AS entered, maxIf({_PLACED}, kind = 'PAGE_VIEW') AS left
        FROM events WHERE {_WHERE} AND session != 0 AND bot = 0 GROUP BY session
    )
)
GROUP BY GROUPING SETS ((), (day), (entry), (exit))
ORDER BY part, visits DESC, entry, exit LIMIT 10 BY part, day"""

QUESTIONS = (
    Question("overview with exact uniques", "/api/v1/metrics/overview", by_hand=(_OVERVIEW,), bar=50),
    Question(
        "daily series",
        "/api/v1/metrics/events/timeseries",
        {"interval": "day"},
        by_hand=(
            f"SELECT toDate(timestamp) AS day, count() FROM events WHERE {_WHERE} GROUP BY day ORDER BY day",
            f"SELECT day, sum(n) FROM ({_edges('toDate(timestamp) AS day, count() AS n', 'GROUP BY day')}) "
            "GROUP BY day ORDER BY day",
            f"{_by_quarters('day')} ORDER BY day",
        ),
        bar=50,
    ),
    Question(
        "top 10 pages with visitors",
        "/api/v1/stats/{project}/top-pages",
        {"limit": "10"},
        by_hand=(
            _TOP_PAGES,
            f"SELECT host, path, count() AS n, groupBitmapIf(person, person != 0) FROM events WHERE {_WHERE} "
            "AND kind = 'PAGE_VIEW' AND bot = 0 GROUP BY host, path ORDER BY n DESC, host, path LIMIT 10",
            f"SELECT any(host), any(path), count() AS n, groupBitmapIf(person, person != 0) FROM events WHERE {_WHERE} "
            "AND kind = 'PAGE_VIEW' AND bot = 0 GROUP BY concat(host, path) AS page ORDER BY n DESC, page LIMIT 10",
        ),
    ),
    Question(
        "daily series broken down by name",
        "/api/v1/metrics/events/timeseries",
        {"interval": "day", "breakdown": "name"},
        by_hand=(_BY_NAME,),
    ),
    Question(
        "funnel of 3 steps",
        "/api/v1/insights/funnel",
        body={"window": "7d", "steps": [{"event": name} for name in _FUNNEL]},
        by_hand=(
            _FURTHER,
            f"SELECT level, count() FROM (SELECT {_LEVEL} FROM events WHERE {_WHERE} "
            f"AND name IN {_FUNNEL!r} AND person != 0 GROUP BY person) GROUP BY level",
        ),
        bar=400,
    ),
    Question(
        "retention of 8 weeks",
        "/api/v1/insights/retention",
        body={"period": "week", "startEvent": "PAGE_VIEW", "returnEvent": "PAGE_VIEW"},
        by_hand=(
            _RETENTION,
            "SELECT weeks[1] AS cohort, week, count() FROM (SELECT arraySort(groupUniqArray(toMonday(timestamp))) "
            f"AS weeks FROM events WHERE {_WHERE} AND name = 'PAGE_VIEW' AND person != 0 GROUP BY person) "
            "ARRAY JOIN weeks AS week GROUP BY cohort, week",
        ),
        days=56,
    ),
    Question("sessions", "/api/v1/insights/sessions", body={}, by_hand=(_SESSIONS,)),
    Question(
        "API percentiles",
        "/api/v1/api-usage/overview",
        by_hand=(
            "SELECT count(), avg(duration_ms), quantilesExactInclusive(0.5, 0.9, 0.95, 0.99)(duration_ms), "
            "countIf(status_code >= 400 AND status_code < 500), countIf(status_code >= 500), "
            "countIf(status_code < 500 AND duration_ms <= 500), countIf(status_code < 500 AND duration_ms <= 2000), "
            f"countIf(status_code >= 500 OR duration_ms IS NOT NULL) FROM events WHERE {_WHERE} AND kind = 'REQUEST'",
        ),
    ),
)
