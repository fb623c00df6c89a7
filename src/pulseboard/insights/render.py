"""A plan becomes ``(sql, params)``.

Fragments come from the catalog; what a user sent is only ever a parameter. Scope and range stand first in every WHERE.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from pulseboard.insights import catalog
from pulseboard.insights.catalog import NOT_SET, STEPS, Metric, Step
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.parts import Part, inside, parts, until
from pulseboard.insights.plan import Plan
from pulseboard.insights.query import PLACES, Dimension, Filters, Listing, Period, Query
from pulseboard.insights.statement import Params, Statement, all_of, over, select, union
from pulseboard.store.base import ProjectScope

_MILLISECOND = timedelta(milliseconds=1)


def render(plan: Plan) -> Statement:
    """The statement that answers the plan in one pass."""
    params = Params()
    if plan.query.labels is not None or plan.query.totals or plan.query.window > 1:
        sql = _lines(plan, params)
    elif plan.grain is None:
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
    after = [] if asked.before is None else [_before(*asked.before, params)]
    where = all_of(
        within(asked.scope, Period(asked.period.since, until), params),
        [f"{catalog.PERSON} IN {params.put('persons', 'Array(UInt32)', asked.persons)}"] if asked.persons else [],
        after,
        conditions(asked.filters, params),
    )
    limit = params.put("limit", "UInt32", asked.limit + 1)
    # The table lies in order of days, so naming the day first lets the engine stop after the newest ones.
    order = f"{STEPS['day'].sql} DESC, timestamp DESC, id DESC"
    sql = f"{select(catalog.LISTED)}\nFROM events\nWHERE {where}\nORDER BY {order}\nLIMIT {limit}"
    return Statement(sql, params.values)


def render_properties(scope: ProjectScope, period: Period, filters: Filters, newest: int, limit: int) -> Statement:
    """Own properties of the ``newest`` events, the most frequent first, and what their values are."""
    params = Params()
    where = all_of(within(scope, period, params), conditions(filters, params), ["properties != ''"])
    newest_first = f"ORDER BY {STEPS['day'].sql} DESC, timestamp DESC\nLIMIT {params.put('newest', 'UInt32', newest)}"
    rows = f"{select(['properties'])}\nFROM events\nWHERE {where}\n{newest_first}"
    pairs = over([catalog.PROPERTY_PAIRS], rows)
    values = over(catalog.PROPERTY_VALUE, pairs)
    tail = ("GROUP BY key", "ORDER BY events DESC, key", f"LIMIT {params.put('limit', 'UInt32', limit)}")
    return Statement(over(catalog.PROPERTY_SEEN, values, *tail), params.values)


def _before(time: datetime, id: str, params: Params) -> str:
    placed = params.put("before", "DateTime64(3, 'UTC')", time)
    return f"(timestamp, id) < ({placed}, {params.put('before_id', 'String', id)})"


def _totals(plan: Plan, params: Params) -> str:
    """One row for each period, numbered as the plan numbers them."""
    cut = parts(plan.pieces)
    if _at_once(plan):
        return _part(plan, cut[0], params, ["0 AS period", *_metrics(plan, "whole", params)])
    metrics, overlaps = _metrics(plan, "partial", params), list(dict.fromkeys(piece.of for piece in plan.pieces))
    parts_read = union(
        _part(plan, part, params, [f"{_overlap(part, overlaps, params)} AS overlap", *metrics], _kept_apart(part))
        for part in cut
    )
    columns = ["period", *_metrics(plan, "merged", params)]
    numbers = [list(periods) for periods in overlaps]
    return over(columns, parts_read, f"ARRAY JOIN {numbers}[overlap] AS period", "GROUP BY period", "ORDER BY period")


def _at_once(plan: Plan) -> bool:
    """Whether one SELECT answers it. Of days the engine keeps partial results, and gives them for nothing else."""
    return len(plan.pieces) == 1 and plan.pieces[0].step != "day"


def _overlap(part: Part, overlaps: list[tuple[int, ...]], params: Params) -> str:
    """The place, from 1, of a row's asked periods among the ``overlaps`` of them that there are."""
    ends: list[str] = []
    for piece, following in pairwise(part.pieces):
        if piece.of != following.of:
            ends.append(f"{part.step.sql} < {until(part.step, piece, params)}, {overlaps.index(piece.of) + 1}")
    last = overlaps.index(part.pieces[-1].of) + 1
    return f"multiIf({', '.join(ends)}, {last})" if ends else str(last)


def _kept_apart(part: Part) -> list[str]:
    # Days stay apart until the last step, so that their sets of persons and sessions are merged once, not twice.
    return ["overlap", part.step.sql] if part.step is STEPS["day"] else ["overlap"]


def _groups(plan: Plan, params: Params) -> str:
    """One row for each combination of the dimensions' labels, the highest first metric first."""
    names, labels = _label_names(plan), _labels(plan, params)
    if _at_once(plan):
        sql = _part(plan, parts(plan.pieces)[0], params, [*labels, *_metrics(plan, "whole", params)], names)
    else:
        columns = [*names, *_metrics(plan, "merged", params)]
        sql = over(columns, _partials(plan, params, labels, names), f"GROUP BY {', '.join(names)}")
    limit = params.put("limit", "UInt32", plan.limit)
    return f"{sql}\nORDER BY {', '.join([*_order(plan.query, plan.query.metrics[0]), *names])}\nLIMIT {limit}"


def _order(query: Query, first: str) -> list[str]:
    """``first`` is what the first metric is called."""
    direction = "ASC" if query.order.startswith("smallest") else "DESC"
    match query.order:
        case "label":
            return []
        case "largest" | "smallest":
            return [f"{first} {direction}{' NULLS LAST' if query.measured else ''}"]
        case _:
            return [f"if({query.metrics[1]} = 0, NULL, {first} / {query.metrics[1]}) {direction} NULLS LAST"]


def _series(plan: Plan, params: Params) -> str:
    """One row for each bucket that has events."""
    return f"{_points(plan, params, [], [])}\nORDER BY start"


def _points(plan: Plan, params: Params, labels: list[str], names: list[str]) -> str:
    """One row for each bucket of each of the labels."""
    step, merged, group = _slot(plan), _metrics(plan, "merged", params), f"GROUP BY {', '.join([*names, 'start'])}"
    if any(piece.step == "quarter" for piece in plan.pieces):
        # These rows are few: what the engine keeps, and what is less than a quarter of an hour from the range's ends.
        start = f"{_bucket(plan, step.sql, params)} AS start"
        return over([*names, "start", *merged], _partials(plan, params, [*labels, start], [*names, "start"]), group)
    partials = _partials(plan, params, [*labels, f"{step.sql} AS slot"], [*names, "slot"])
    return over([*names, _start(plan, params), *merged], partials, group)


def _broken_down(plan: Plan, params: Params) -> str:
    """One row for each bucket of each of the first labels; all labels after them share the next rank.

    The rows are read once, and the labels placed afterwards.
    """
    value = plan.query.metrics[0]
    if not _metric(plan.query, value, params).additive:
        raise ValueError("only counts can be summed up as Other")
    limit, names = params.put("limit", "UInt32", plan.limit), _label_names(plan)
    group = ", ".join(names)
    cut = _points(plan, params, _labels(plan, params), names)
    points = f"groupArray((start, {value})) AS points"
    whole = over([*names, f"sum({value}) AS total", points], cut, f"GROUP BY {group}")
    order = ", ".join([*_order(plan.query, "total"), *names])
    placed = over([*names, "points", f"row_number() OVER (ORDER BY {order}) AS place"], whole)
    ranked = [f"least(place, {limit} + 1) AS rank", *(f"any({name}) AS {name}" for name in names)]
    point = ["point.1 AS start", f"sum(point.2) AS {value}"]
    tail = ("ARRAY JOIN points AS point", "GROUP BY rank, start", "ORDER BY rank, start")
    return over([*ranked, *point], placed, *tail)


def _lines(plan: Plan, params: Params) -> str:
    """One row for each point of each line, and one for each line as a whole, which is ``whole``.

    Lines are the ranks of ``labels``, from 1; all other labels share the rank after them.
    """
    ranked = ["rank"] if plan.query.labels is not None else []
    rank = [f"{_rank(plan, params)} AS rank"] if ranked else []
    if plan.grain is None:
        partials = _partials(plan, params, rank, ranked)
        tail = ["GROUP BY rank", "ORDER BY rank"] if ranked else []
        return over([*ranked, "1 AS whole", *_metrics(plan, "merged", params)], partials, *tail)
    step = _slot(plan)
    partials = _partials(plan, params, [*rank, f"{step.sql} AS slot"], [*ranked, "slot"])
    start = _start(plan, params)
    rolled: list[str] = []
    if plan.query.window > 1:
        gathered = [*ranked, _start(plan, params, "day"), *_metrics(plan, "gathered", params)]
        partials = over(gathered, partials, f"GROUP BY {', '.join([*ranked, 'day'])}")
        start, rolled = _rolled(plan, params)
    keys = ", ".join([*ranked, "start"])
    columns, order = [*ranked, start, *_metrics(plan, "merged", params)], f"ORDER BY {keys}"
    if not plan.query.totals:
        return over(columns, partials, *rolled, f"GROUP BY {keys}", order)
    columns.insert(len(ranked) + 1, "grouping(start) AS whole")
    sets = f"GROUP BY GROUPING SETS (({keys}), ({', '.join(ranked)}))"
    # The whole of nothing would be a row of zeros, and there is no first of no times.
    return over(columns, partials, *rolled, sets, "HAVING count() > 0", order)


def _rolled(plan: Plan, params: Params) -> tuple[str, list[str]]:
    """Every day's rows once for each of the days that count them."""
    starts = params.put("starts", "Array(Int64)", plan.starts)
    window = params.put("window", "UInt32", plan.query.window)
    days = f"range(indexOf({starts}, day), least(indexOf({starts}, day) + {window}, length({starts}) + 1))"
    return f"{starts}[place] AS start", [f"ARRAY JOIN {days} AS place"]


def _rank(plan: Plan, params: Params) -> str:
    """The place of a row's labels among those that stand alone, or the one after them."""
    labels = plan.query.labels or ()
    texts = [_label_text(i, dimension, params) for i, dimension in enumerate(plan.query.dimensions)]
    known = params.put("labels", "Array(String)", [_together(each) for each in labels])
    ranks = params.put("ranks", "Array(UInt32)", list(range(1, len(labels) + 1)))
    rest = params.put("rest", "UInt32", len(labels) + 1)
    return f"transform({_together_sql(texts)}, {known}, {ranks}, {rest})"


def _together(labels: tuple[str, ...]) -> str:
    """Several labels as one text, of which no other labels make the same."""
    return labels[0] if len(labels) == 1 else "".join(f"{len(each.encode())}:{each}" for each in labels)


def _together_sql(texts: list[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    pieces = (f"toString(length({each})), ':', {each}" for each in texts)
    return f"concat({', '.join(pieces)})"


def _partials(plan: Plan, params: Params, keys: list[str], group: list[str]) -> str:
    columns = [*keys, *_metrics(plan, "partial", params)]
    return union(_part(plan, part, params, columns, group) for part in parts(plan.pieces))


def _part(plan: Plan, part: Part, params: Params, columns: list[str], group: Iterable[str] = ()) -> str:
    """The SELECT over one part."""
    query = plan.query
    segment = [catalog.SEGMENTS[query.segment]] if query.segment else []
    left_out = [_not_left_out(plan, params)] if query.without else []
    where = all_of(inside(query.scope, part, params), segment, conditions(query.filters, params), left_out)
    grouped = f"\nGROUP BY {', '.join(group)}" if group else ""
    return f"{select(columns)}\nFROM events\nWHERE {where}{grouped}"


def _not_left_out(plan: Plan, params: Params) -> str:
    """The row's ``query.place`` is none of those that are left out."""
    rank = _rank(plan, params) if plan.query.labels is not None else "0"
    start = "" if plan.grain is None else f"{_bucket(plan, _slot(plan).sql, params)} * {PLACES} + "
    return f"NOT has({params.put('without', 'Array(Int64)', plan.query.without)}, {start}{rank})"


def _label_names(plan: Plan) -> list[str]:
    return [f"label_{i}" for i in range(len(plan.query.dimensions))]


def _labels(plan: Plan, params: Params) -> list[str]:
    return [_label(i, dimension, params) for i, dimension in enumerate(plan.query.dimensions)]


def _label(index: int, dimension: Dimension, params: Params) -> str:
    return f"{_label_text(index, dimension, params)} AS label_{index}"


def _label_text(index: int, dimension: Dimension, params: Params) -> str:
    if dimension.custom:
        params.put(f"key_{index}", "String", dimension.key)
    return f"ifNull(nullIf({catalog.column(dimension, f'key_{index}').text}, ''), '{NOT_SET}')"


def _metrics(plan: Plan, form: Literal["whole", "partial", "merged", "gathered"], params: Params) -> list[str]:
    return [f"{getattr(_metric(plan.query, name, params), form)} AS {name}" for name in plan.query.metrics]


def _metric(query: Query, name: str, params: Params) -> Metric:
    if query.measured is None or name in catalog.METRICS:
        return catalog.metric(name)
    if query.measured.custom:
        params.put("measured", "String", query.measured.key)
    return catalog.numeric(name, catalog.finite(query.measured, "measured"), exact=not query.rough)


def _slot(plan: Plan) -> Step:
    """The widest step that no bucket's border cuts: rows are counted by it before they are put into buckets."""
    kept = next((piece.step for piece in plan.pieces if piece.step != "row"), None)
    if kept:
        return STEPS[kept]  # what the engine keeps by a step can be read by no other
    return next(step for step in STEPS.values() if not any(start % step.width for start in plan.starts))


def _start(plan: Plan, params: Params, name: str = "start") -> str:
    return f"{_bucket(plan, 'slot', params)} AS {name}"


def _bucket(plan: Plan, slot: str, params: Params) -> str:
    """Where the bucket begins that a slot is in, in milliseconds since 1970."""
    return f"roundDown({_slot(plan).millis.format(x=slot)}, {params.put('starts', 'Array(Int64)', plan.starts)})"
