"""Statements of retention: a bitmap of persons for each period, from which every cohort and cell is cut."""

from pulseboard.insights.buckets import millis
from pulseboard.insights.catalog import Step
from pulseboard.insights.crowds import crowds, pieces
from pulseboard.insights.parse import FIRST
from pulseboard.insights.product.retention import Retention, RetentionUsers
from pulseboard.insights.query import Filters, Period
from pulseboard.insights.statement import Params, Statement, over, union

BEFORE = -1  # the period of everything that happened before the range
_NUMBERS = {"start": 0, "return": 1_000}  # where the numbers of each one's pieces of time begin
_NOBODY = "bitmapBuild(emptyArrayUInt32())"
_EARLIER = "groupBitmapMergeState(began) OVER (ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
_ONWARD = "groupBitmapMergeState(came) OVER (ORDER BY period DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def render_retention(asked: Retention) -> Statement:
    """One row for each period with events, oldest first: ``period`` (its start), ``size``, ``fresh`` and ``cells``.

    ``fresh`` counts who had no start event in an earlier period; ``cells`` holds (start of a period, users retained)
    for it and every later period with events. Their first may be ``BEFORE``, which is no cohort.
    """
    params = Params()
    fresh = f"bitmapAndnot(began, {_EARLIER})"
    cohort = "began" if asked.cohorts == "recurring" else "fresh"
    columns = ["period", "began", f"{fresh} AS fresh", f"{_ONWARD if asked.unbounded else 'came'} AS back"]
    cut = over(columns, _periods(asked, params))
    cell = f"r -> (r.1, bitmapAndCardinality({cohort}, r.2))"
    later = "arrayFilter(r -> r.1 >= period, groupArray((period, back)) OVER ())"
    cells = over(
        [
            "period",
            f"bitmapCardinality({cohort}) AS size",
            "bitmapCardinality(fresh) AS fresh_size",
            f"arraySort(arrayMap({cell}, {later})) AS cells",
        ],
        cut,
    )
    return Statement(f"{cells}\nORDER BY period", params.values)


def render_retention_users(asked: RetentionUsers) -> Statement:
    """One row: ``total``, and the numbers of one more person than asked for in ``persons``, lowest first."""
    params, retention = Params(), asked.retention
    starts = retention.starts
    cohort = params.put("cohort", "Int64", asked.cohort)
    target = params.put("target", "Int64", starts[starts.index(asked.cohort) + asked.k])
    began, came = (
        _united(f"period = {cohort}", "began"),
        _united(f"period {'>=' if retention.unbounded else '='} {target}", "came"),
    )
    if retention.cohorts != "recurring":
        began = f"bitmapAndnot({began}, {_united(f'period < {cohort}', 'began')})"
    chosen = f"{'bitmapAnd' if asked.retained else 'bitmapAndnot'}({began}, {came}) AS chosen"
    whole = over([chosen], _periods(retention, params))
    after, limit = params.put("after", "UInt32", asked.after + 1), params.put("limit", "UInt32", asked.limit + 1)
    page = f"bitmapToArray(bitmapSubsetLimit(chosen, {after}, {limit})) AS persons"
    return Statement(over(["bitmapCardinality(chosen) AS total", page], whole), params.values)


def _united(condition: str, bitmaps: str) -> str:
    return f"groupBitmapMergeState(if({condition}, {bitmaps}, {_NOBODY}))"


def _periods(asked: Retention, params: Params) -> str:
    """One row for each period with events: who had a start event in it, and who a return event."""
    period = asked.frame.period
    if asked.start == asked.back and asked.cohorts != "first_ever":
        began = _persons(asked, asked.start, [period], params, "start")
        return over(["bucket AS period", "persons AS began", "persons AS came"], began)
    before = [Period(FIRST, period.since)] if asked.cohorts == "first_ever" else []
    began = _persons(asked, asked.start, [*before, period], params, "start")
    came = _persons(asked, asked.back, [period], params, "return")
    both = union(
        [
            over(["bucket AS period", "persons AS began", f"{_NOBODY} AS came"], began),
            over(["bucket AS period", f"{_NOBODY} AS began", "persons AS came"], came),
        ]
    )
    merged = ["period", *(f"groupBitmapMergeState({name}) AS {name}" for name in ("began", "came"))]
    return over(merged, both, "GROUP BY period")


def _persons(asked: Retention, events: Filters, reach: list[Period], params: Params, name: str) -> str:
    """The persons of each period with such events; all that was before the range is one."""
    frame = asked.frame
    filters = (*frame.filters, *events)
    since = params.put("since", "Int64", millis(frame.period.since)) if len(reach) > 1 else ""
    starts = params.put("starts", "Array(Int64)", asked.starts)

    def bucket(step: Step) -> str:
        at = step.millis.format(x=step.sql)
        inside = f"roundDown({at}, {starts})"
        return f"if({at} < {since}, {BEFORE}, {inside})" if since else inside

    cut = pieces(frame.scope, reach, filters, asked.starts, _NUMBERS[name])
    return crowds(frame.scope, cut, filters, params, name, bucket)
