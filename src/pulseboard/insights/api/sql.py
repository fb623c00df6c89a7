"""Statements about API calls: one SELECT over the rows of type REQUEST, by whatever they are grouped."""

from pulseboard.insights.catalog import NOT_SET
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.parse import Frame
from pulseboard.insights.statement import Params, Statement, all_of, over, select

_CALL = "kind = 'REQUEST'"
_AT = "toUnixTimestamp64Milli(timestamp)"

LEVELS = (0.5, 0.9, 0.95, 0.99)
_EXACT, _NEARLY = "quantilesExactInclusive", "quantilesTDigest"

# What calls are told apart by; {starts} are the beginnings of buckets.
_KEYS: dict[str, str] = {
    "method": f"ifNull(nullIf(toString(method), ''), '{NOT_SET}')",
    "endpoint": f"ifNull(nullIf(endpoint, ''), '{NOT_SET}')",
    "consumer": f"multiIf(user_id != '', user_id, anonymous_id != '', anonymous_id, '{NOT_SET}')",
    "start": f"roundDown({_AT}, {{starts}})",
}
# Which groups come first; what is unknown comes last.
_RANKS: dict[str, str] = {
    "calls": "toFloat64(calls)",
    "slowest": "ifNotFinite(percentiles[3], -1)",
    "failing": "toFloat64(failed_5xx)",
    "apdex": "ifNotFinite(-apdex, -2)",
}


def render_calls(
    frame: Frame,
    keys: tuple[str, ...],
    starts: tuple[int, ...],
    *,
    threshold: float,
    sort: str,
    limit: int,
    exact: bool,
    part: tuple[int, int] = (0, 1),
) -> Statement:
    """One row for each group; see ``calls.measure``. Of several ``part``s, each has all calls of its groups."""
    params = Params()
    columns = [*_keys(keys, starts, params), *_measures(threshold, params, _EXACT if exact else _NEARLY)]
    columns.append(f"{_RANKS[sort]} AS rank")
    rows = f"{select(columns)}\nFROM events\nWHERE {_where(frame, params, _part(keys, starts, part, params))}"
    if not keys:
        return Statement(rows, params.values)
    names = _names(keys)
    order = names if "start" in keys else f"rank DESC, {names}"
    return Statement(
        f"{rows}\nGROUP BY {names}\nORDER BY {order}\nLIMIT {params.put('limit', 'UInt32', limit)}",
        params.values,
    )


def render_largest(frame: Frame, keys: tuple[str, ...], starts: tuple[int, ...]) -> Statement:
    """One row: how many ``calls`` the group has that has the most."""
    params = Params()
    columns = [*_keys(keys, starts, params), "count() AS counted"]
    rows = f"{select(columns)}\nFROM events\nWHERE {_where(frame, params)}\nGROUP BY {_names(keys)}"
    return Statement(over(["max(counted) AS calls"], rows), params.values)


def render_statuses(frame: Frame, starts: tuple[int, ...]) -> Statement:
    """One row for each status in each bucket: ``status, by_start, calls``; 0 is a call without one."""
    params = Params()
    columns = ["status_code AS status", *_keys(("start",), starts, params), "count() AS calls"]
    rows = f"{select(columns)}\nFROM events\nWHERE {_where(frame, params)}"
    return Statement(f"{rows}\nGROUP BY status, by_start\nORDER BY status, by_start", params.values)


def render_heatmap(frame: Frame, starts: tuple[int, ...], edges: tuple[float, ...]) -> Statement:
    """One row for each bucket of time and duration that has calls: ``by_start, edge`` (its lower end), ``calls``."""
    params = Params()
    edge = f"roundDown(assumeNotNull(duration_ms), {params.put('edges', 'Array(Float64)', edges)}) AS edge"
    columns = [*_keys(("start",), starts, params), edge, "count() AS calls"]
    rows = f"{select(columns)}\nFROM events\nWHERE {_where(frame, params, ['duration_ms IS NOT NULL'])}"
    return Statement(f"{rows}\nGROUP BY by_start, edge\nORDER BY by_start, edge", params.values)


def _names(keys: tuple[str, ...]) -> str:
    return ", ".join(f"by_{key}" for key in keys)


def _where(frame: Frame, params: Params, more: list[str] | None = None) -> str:
    scope = within(frame.scope, frame.period, params)
    return all_of(scope, [_CALL], more or [], conditions(frame.filters, params))


def _keys(keys: tuple[str, ...], starts: tuple[int, ...], params: Params) -> list[str]:
    """``by_<key>``: an alias of a column's own name would stand for the column in the filters, too."""
    return [f"{_key(key, starts, params)} AS by_{key}" for key in keys]


def _key(key: str, starts: tuple[int, ...], params: Params) -> str:
    if key != "start":
        return _KEYS[key]
    return _KEYS[key].format(starts=params.put("starts", "Array(Int64)", starts))


def _measures(threshold: float, params: Params, percentiles: str) -> list[str]:
    low = params.put("satisfied", "Float64", threshold)
    high = params.put("tolerated", "Float64", 4 * threshold)
    satisfied = f"countIf(status_code < 500 AND duration_ms <= {low})"
    tolerating = f"countIf(status_code < 500 AND duration_ms > {low} AND duration_ms <= {high})"
    rated = "countIf(status_code >= 500 OR duration_ms IS NOT NULL)"
    return [
        "count() AS calls",
        "avg(duration_ms) AS average",
        f"{percentiles}({', '.join(map(str, LEVELS))})(duration_ms) AS percentiles",
        "countIf(status_code >= 400 AND status_code < 500) AS failed_4xx",
        "countIf(status_code >= 500) AS failed_5xx",
        f"({satisfied} + {tolerating} / 2) / {rated} AS apdex",
    ]


def _part(keys: tuple[str, ...], starts: tuple[int, ...], part: tuple[int, int], params: Params) -> list[str]:
    number, parts = part
    if parts == 1:
        return []
    key = ", ".join(_key(each, starts, params) for each in keys)
    return [f"cityHash64({key}) % {params.put('parts', 'UInt32', parts)} = {params.put('part', 'UInt32', number)}"]
