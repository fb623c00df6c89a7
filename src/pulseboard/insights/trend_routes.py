"""Trends over HTTP, and what they can be made of."""

from functools import partial

from litestar import get, post
from litestar.params import JSONBody

from pulseboard.insights import catalog
from pulseboard.insights.buckets import moment
from pulseboard.insights.measures import MEASURES
from pulseboard.insights.parameters import BODY, AskedContexts, AskedMetas, AskedStore
from pulseboard.insights.query import OPERATORS
from pulseboard.insights.schemas import MetaOut
from pulseboard.insights.trend_lines import FormulaLine, Trend, TrendLine, Values, answer
from pulseboard.insights.trend_schemas import (
    CatalogOut,
    DimensionOut,
    FormulaLineOut,
    MeasureOut,
    PeriodOut,
    TrendLineOut,
    TrendPointOut,
    TrendsOut,
    ValuesOut,
)
from pulseboard.insights.trends import Trends, TrendsIn, make_trends
from pulseboard.kit.clock import rfc3339
from pulseboard.store.base import Store

_post = partial(post, status_code=200, tags=["insights"], sync_to_thread=True)


@_post("/api/v1/insights/trends", dependencies=BODY)
def trends(store: AskedStore, contexts: AskedContexts, metas: AskedMetas, data: JSONBody[TrendsIn]) -> TrendsOut:
    """What is measured over time: several series, broken down, compared, and through a formula."""
    asked = make_trends(contexts(data.project_id), data)
    return trends_out(store, asked, metas(asked.frame))


@get("/api/v1/insights/catalog", tags=["insights"], sync_to_thread=False)
def insights_catalog() -> CatalogOut:
    """The metrics, dimensions and operators that questions are made of; own properties are dimensions too."""
    metrics = [
        MeasureOut(catalog.camel(name), each.about, each.unit, each.numeric and each.of is None)
        for name, each in MEASURES.items()
    ]
    dimensions = [DimensionOut(name, column.numeric) for name, column in catalog.DIMENSIONS.items()]
    return CatalogOut(metrics, dimensions, list(OPERATORS))


def trends_out(store: Store, asked: Trends, meta: MetaOut) -> TrendsOut:
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


def _points(starts: tuple[int, ...], values: Values) -> list[TrendPointOut]:
    return [TrendPointOut(rfc3339(moment(t)), value) for t, value in zip(starts, values.points, strict=True)]


routes = [trends, insights_catalog]
