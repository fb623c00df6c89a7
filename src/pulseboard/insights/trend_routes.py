"""Trends over HTTP, and what they can be made of."""

from litestar import get, post
from litestar.params import JSONBody

from pulseboard.insights import catalog
from pulseboard.insights.measures import MEASURES
from pulseboard.insights.parameters import BODY, AskedContexts, AskedMetas, AskedStore
from pulseboard.insights.query import OPERATORS
from pulseboard.insights.trend_answer import trends_answer
from pulseboard.insights.trend_schemas import (
    DimensionOut,
    InsightsCatalogOut,
    MeasureOut,
    TrendsOut,
)
from pulseboard.insights.trends import TrendsIn, parse_trends


@post(
    "/api/v1/insights/trends",
    dependencies=BODY,
    status_code=200,
    tags=["insights"],
    opt={"problems": (404,)},
    sync_to_thread=True,
)
def trends(store: AskedStore, contexts: AskedContexts, metas: AskedMetas, data: JSONBody[TrendsIn]) -> TrendsOut:
    """What is measured over time: several series, broken down, compared, and through a formula."""
    asked = parse_trends(data, contexts(data.project_id))
    return trends_answer(store, asked, metas(asked.frame))


@get("/api/v1/insights/catalog", tags=["insights"], sync_to_thread=False)
def insights_catalog() -> InsightsCatalogOut:
    """The metrics, dimensions and operators that questions are made of; own properties are dimensions too."""
    metrics = [
        MeasureOut(catalog.camel(name), each.about, each.unit, each.numeric and each.of is None)
        for name, each in MEASURES.items()
    ]
    dimensions = [DimensionOut(name, column.numeric) for name, column in catalog.DIMENSIONS.items()]
    return InsightsCatalogOut(metrics, dimensions, list(OPERATORS))


routes = [trends, insights_catalog]
