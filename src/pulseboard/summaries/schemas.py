"""Summaries on the wire."""

from typing import Annotated

from msgspec import Meta

from pulseboard.insights import MetaOut
from pulseboard.kit.wire import Out, Timestamp
from pulseboard.summaries.figures import Metric
from pulseboard.summaries.periods import PeriodType


class SummaryItemOut(Out):
    """``value`` is of what happened from ``periodStart`` (inclusive) to ``periodEnd`` (exclusive)."""

    metric: Metric
    period_type: PeriodType
    period_start: Timestamp
    period_end: Timestamp
    value: Annotated[int, Meta(ge=0)]


class SummariesOut(Out):
    """Oldest first, in the project's time zone; the last one is the period that runs."""

    items: list[SummaryItemOut]
    total: int
    next_cursor: str | None
    meta: MetaOut
