"""The only composed SQL: a plan becomes ``(sql, params)``.

Fragments come from the catalog; what a user sent is only ever a parameter. Scope and range stand first in every WHERE.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from textwrap import indent

from pulseboard.insights import catalog
from pulseboard.insights.catalog import MANY_VALUES, NOT_SET, NUMBER_TESTS, STEPS, TEXT_TESTS, Step
from pulseboard.insights.plan import Piece, Plan
from pulseboard.insights.query import Dimension, Filter, Listing, Period
from pulseboard.store.base import Param, ProjectScope

_STEP = "    "
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    params: dict[str, Param]


@dataclass(slots=True)
class Params:
    """Collects values; what comes back is the placeholder that stands for one in the SQL."""

    values: dict[str, Param] = field(default_factory=dict)

    def put(self, name: str, type: str, value: Param) -> str:
        self.values[name] = value
        return f"{{{name}:{type}}}"


def render(plan: Plan) -> Statement:
    """The statement that answers the plan in one pass over its pieces."""
    params = Params()
    if plan.grain is None:
        sql = _groups(plan, params) if plan.query.dimensions else _totals(plan, params)
    elif plan.query.dimensions:
        sql = _broken_down(plan, params)
    else:
        sql = _series(plan, params)
    return Statement(sql, params.values)


def render_listing(asked: Listing) -> Statement:
    """The newest events first; one more than asked for, which tells whether there is a next page."""
    params = Params()
    until = asked.period.until if asked.before is None else min(asked.period.until, asked.before[0] + _MILLISECOND)
    piece = Piece(Period(asked.period.since, until), ())
    after = [] if asked.before is None else [_before(*asked.before, params)]
    where = _and(_where(asked.scope, piece, 0, params), after, _filters(asked.filters, params))
    limit = params.put("limit", "UInt32", asked.limit + 1)
    # The table lies in order of days, so naming the day first lets the engine stop after the newest ones.
    order = f"{STEPS['day'].sql} DESC, timestamp DESC, id DESC"
    sql = f"{_select(catalog.LISTED)}\nFROM events\nWHERE {where}\nORDER BY {order}\nLIMIT {limit}"
    return Statement(sql, params.values)


def _before(time: datetime, id: str, params: Params) -> str:
    placed = params.put("before", "DateTime64(3, 'UTC')", time)
    return f"(timestamp, id) < ({placed}, {params.put('before_id', 'String', id)})"


def _totals(plan: Plan, params: Params) -> str:
    """One row for each period, numbered as the plan numbers them."""
    if len(plan.pieces) == 1:
        return _piece(plan, 0, params, ["0 AS period", *_metrics(plan, "whole")])
    pieces = _union(
        _piece(plan, i, params, [f"{list(piece.of)} AS periods", *_metrics(plan, "partial")], group=_kept_days(piece))
        for i, piece in enumerate(plan.pieces)
    )
    columns = ["period", *_metrics(plan, "merged")]
    return _over(columns, pieces, "ARRAY JOIN periods AS period", "GROUP BY period", "ORDER BY period")


def _kept_days(piece: Piece) -> list[str]:
    # Days stay apart until the last step, so that their sets of persons and sessions are merged once, not twice.
    return [STEPS["day"].sql] if piece.step == "day" else []


def _groups(plan: Plan, params: Params) -> str:
    """One row for each combination of the dimensions' labels, the highest first metric first."""
    names = [f"label_{i}" for i in range(len(plan.query.dimensions))]
    labels = _labels(plan, params)
    if len(plan.pieces) == 1:
        sql = _piece(plan, 0, params, [*labels, *_metrics(plan, "whole")], group=names)
    else:
        columns = [*names, *_metrics(plan, "merged")]
        sql = _over(columns, _pieces(plan, params, labels, names), f"GROUP BY {', '.join(names)}")
    limit = params.put("limit", "UInt32", plan.limit)
    return f"{sql}\nORDER BY {plan.query.metrics[0]} DESC, {', '.join(names)}\nLIMIT {limit}"


def _series(plan: Plan, params: Params) -> str:
    """One row for each bucket that has events."""
    step = _slot(plan)
    pieces = _pieces(plan, params, [f"{step.sql} AS slot"], ["slot"])
    return _over([_start(plan, step, params), *_metrics(plan, "merged")], pieces, "GROUP BY start", "ORDER BY start")


def _broken_down(plan: Plan, params: Params) -> str:
    """One row for each bucket of each of the largest labels; all labels after them share the next rank.

    The rows are read once, and the labels placed afterwards.
    """
    step, value = _slot(plan), plan.query.metrics[0]
    if not catalog.metric(value).additive:
        raise ValueError("only counts can be summed up as Other")
    limit = params.put("limit", "UInt32", plan.limit)
    pieces = _pieces(plan, params, [*_labels(plan, params), f"{step.sql} AS slot"], ["label_0", "slot"])
    cut = _over(["label_0", _start(plan, step, params), *_metrics(plan, "merged")], pieces, "GROUP BY label_0, start")
    whole = _over(
        ["label_0", f"sum({value}) AS total", f"groupArray((start, {value})) AS points"], cut, "GROUP BY label_0"
    )
    placed = _over(["label_0", "points", "row_number() OVER (ORDER BY total DESC, label_0) AS place"], whole)
    ranked = [f"least(place, {limit} + 1) AS rank", "any(label_0) AS label"]
    point = ["point.1 AS start", f"sum(point.2) AS {value}"]
    tail = ("ARRAY JOIN points AS point", "GROUP BY rank, start", "ORDER BY rank, start")
    return _over([*ranked, *point], placed, *tail)


def _pieces(plan: Plan, params: Params, keys: list[str], group: list[str]) -> str:
    columns = [*keys, *_metrics(plan, "partial")]
    return _union(_piece(plan, i, params, columns, group=group) for i in range(len(plan.pieces)))


def _piece(plan: Plan, index: int, params: Params, columns: list[str], *, group: Iterable[str] = ()) -> str:
    """The SELECT over one piece."""
    query, piece = plan.query, plan.pieces[index]
    segment = [catalog.SEGMENTS[query.segment]] if query.segment else []
    where = _and(_where(query.scope, piece, index, params), segment, _filters(query.filters, params))
    grouped = f"\nGROUP BY {', '.join(group)}" if group else ""
    return f"{_select(columns)}\nFROM events\nWHERE {where}{grouped}"


def _and(*conditions: list[str]) -> str:
    return f"\n{_STEP}AND ".join(chain.from_iterable(conditions))


def _where(scope: ProjectScope, piece: Piece, index: int, params: Params) -> list[str]:
    step = STEPS[piece.step]
    since = params.put(f"since_{index}", step.type, _time(step, piece.period.since))
    until = params.put(f"until_{index}", step.type, _time(step, piece.period.until))
    project = params.put("project", "UUID", scope.project_id)
    days = _days(piece.period, index, params) if piece.step == "row" else []
    return [f"project_id = {project}", f"{step.sql} >= {since}", f"{step.sql} < {until}", *days]


def _days(period: Period, index: int, params: Params) -> list[str]:
    """The range again as days, which say nothing new; but the table lies in their order, and skips only by them."""
    day = STEPS["day"]
    first = params.put(f"first_day_{index}", day.type, _time(day, period.since))
    last = params.put(f"last_day_{index}", day.type, _time(day, period.until - _MILLISECOND))
    return [f"{day.sql} >= {first}", f"{day.sql} <= {last}"]


def _time(step: Step, value: datetime) -> Param:
    return value.strftime(step.form) if step.form else value


def _labels(plan: Plan, params: Params) -> list[str]:
    return [_label(i, dimension, params) for i, dimension in enumerate(plan.query.dimensions)]


def _label(index: int, dimension: Dimension, params: Params) -> str:
    if dimension.custom:
        params.put(f"key_{index}", "String", dimension.key)
    text = catalog.column(dimension, f"key_{index}").text
    return f"ifNull(nullIf({text}, ''), '{NOT_SET}') AS label_{index}"


def _metrics(plan: Plan, form: str) -> list[str]:
    return [f"{getattr(catalog.metric(name), form)} AS {name}" for name in plan.query.metrics]


def _slot(plan: Plan) -> Step:
    """The widest step that no bucket's border cuts: rows are counted by it before they are put into buckets."""
    kept = next((piece.step for piece in plan.pieces if piece.step != "row"), None)
    if kept:
        return STEPS[kept]  # what the engine keeps by a step can be read by no other
    return next(step for step in STEPS.values() if not any(start % step.width for start in plan.starts))


def _start(plan: Plan, step: Step, params: Params) -> str:
    starts = params.put("starts", "Array(Int64)", plan.starts)
    return f"roundDown({step.millis.format(x='slot')}, {starts}) AS start"


def _filters(filters: tuple[Filter, ...], params: Params) -> list[str]:
    return [_filter(each, f"filter_{i}", params) for i, each in enumerate(filters)]


def _filter(asked: Filter, name: str, params: Params) -> str:
    """One condition: text is compared as text and numbers as numbers, whatever the column holds."""
    if asked.dimension.custom:
        params.put(f"{name}_key", "String", asked.dimension.key)
    column = catalog.tested(asked, f"{name}_key")
    texts = [value for value in asked.values if isinstance(value, str)]
    numbers = [value for value in asked.values if isinstance(value, float)]
    tests: list[str] = []
    if texts or not numbers:
        value = _bind(asked.operator, name, "String", texts, params)
        tests.append(TEXT_TESTS[asked.operator].format(x=column.text, v=value))
    if numbers:
        value = _bind(asked.operator, f"{name}_number", "Float64", numbers, params)
        tests.append(NUMBER_TESTS[asked.operator].format(x=column.number, v=value))
    joined = (" AND " if asked.operator == "is_not" else " OR ").join(tests)
    return f"({joined})" if len(tests) > 1 else joined


def _bind(operator: str, name: str, type: str, values: list[str] | list[float], params: Params) -> str:
    if not values:
        return ""
    if operator in MANY_VALUES:
        return params.put(name, f"Array({type})", values)
    return params.put(name, type, values[0])


def _select(columns: Iterable[str]) -> str:
    return "SELECT\n" + ",\n".join(_STEP + column for column in columns)


def _over(columns: Iterable[str], inner: str, *tail: str) -> str:
    """A SELECT from the rows of another."""
    return "\n".join((f"{_select(columns)}\nFROM (", indent(inner, _STEP), ")", *tail))


def _union(parts: Iterable[str]) -> str:
    return "\nUNION ALL\n".join(parts)
