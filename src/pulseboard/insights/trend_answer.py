"""Trends as they are written down."""

from pulseboard.insights.buckets import moment
from pulseboard.insights.schemas import MetaOut
from pulseboard.insights.trend_lines import FormulaLine, Trend, TrendLine, Values, answer
from pulseboard.insights.trend_schemas import (
    FormulaLineOut,
    LinePointOut,
    PeriodOut,
    TrendLineOut,
    TrendsOut,
    ValuesOut,
)
from pulseboard.insights.trends import Trends
from pulseboard.kit.clock import rfc3339
from pulseboard.store.base import Store


def trends_answer(store: Store, asked: Trends, meta: MetaOut) -> TrendsOut:
    """The answer to a question that was parsed."""
    found = answer(store, asked)
    before = found.before
    return TrendsOut(
        interval=found.grain,
        series=[_line(found, line) for line in found.lines],
        formula=asked.written or None,
        formula_series=[_formula_line(found, line) for line in found.formula],
        compared=None if before is None else PeriodOut(rfc3339(before.since), rfc3339(before.until)),
        meta=meta,
    )


def _line(found: Trend, line: TrendLine) -> TrendLineOut:
    series, before = line.series, line.before
    return TrendLineOut(
        letter=series.letter,
        label=" · ".join(filter(None, (series.label, *line.breakdown))),
        event=series.event,
        metric=series.name,
        currency=series.currency,
        breakdown=list(line.breakdown),
        other=line.other,
        total=line.now.total,
        exact=line.now.exact,
        points=_points(found.starts, line.now),
        previous=None if before is None else _values(found, before),
    )


def _formula_line(found: Trend, line: FormulaLine) -> FormulaLineOut:
    before = line.before
    return FormulaLineOut(
        currency=line.currency,
        breakdown=list(line.breakdown),
        other=line.other,
        total=line.now.total,
        exact=line.now.exact,
        points=_points(found.starts, line.now),
        previous=None if before is None else _values(found, before),
    )


def _values(found: Trend, values: Values) -> ValuesOut:
    return ValuesOut(values.total, values.exact, _points(found.starts_before, values))


def _points(starts: tuple[int, ...], values: Values) -> list[LinePointOut]:
    return [LinePointOut(rfc3339(moment(t)), value) for t, value in zip(starts, values.points, strict=True)]
