"""Answers of trends on the wire."""

from typing import Annotated

from msgspec import Meta
from msgspec import field as wire_field

from pulseboard.insights.measures import Unit
from pulseboard.insights.query import Grain
from pulseboard.insights.schemas import BucketStart, MetaOut
from pulseboard.kit.wire import Out, Timestamp

Value = Annotated[float | None, Meta(description="Null where there is nothing to take it of.")]
Exact = Annotated[
    bool,
    Meta(description="Whether none of its numbers is an estimate: percentiles of more than a million values are."),
]
Breakdown = Annotated[list[str], Meta(description="The value of each property that it is broken down by.")]
IsOther = Annotated[bool, Meta(description="Whether it stands for all values that are not among the first.")]
Currency = Annotated[str | None, Meta(description="What the money is in; never a sum over several.")]


class LinePointOut(Out):
    t: BucketStart
    value: Value


class ValuesOut(Out):
    """``total`` is of the whole range: of users, not the sum of the points, but each counted once."""

    total: Value
    exact: Exact
    points: list[LinePointOut]


class PeriodOut(Out):
    since: Timestamp = wire_field(name="from")
    until: Timestamp = wire_field(name="to")


class FormulaLineOut(Out, kw_only=True):
    currency: Currency
    breakdown: Breakdown
    other: IsOther
    total: Value
    exact: Exact
    points: list[LinePointOut]
    previous: ValuesOut | None


class TrendLineOut(FormulaLineOut, kw_only=True):
    """A line of the series ``letter``; the total of active users is that of the last bucket."""

    letter: str
    label: str
    event: str | None
    metric: str


class TrendsOut(Out):
    """``compared`` is the period before, whose numbers are each line's ``previous``; null where it is not asked for."""

    interval: Grain
    series: list[TrendLineOut]
    formula: str | None
    formula_series: list[FormulaLineOut]
    compared: PeriodOut | None
    meta: MetaOut


class MeasureOut(Out):
    name: str
    about: str
    unit: Unit
    needs_property: bool


class DimensionOut(Out):
    name: str
    numeric: bool


class InsightsCatalogOut(Out):
    metrics: list[MeasureOut]
    dimensions: list[DimensionOut]
    operators: list[str]
