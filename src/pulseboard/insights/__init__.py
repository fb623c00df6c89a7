"""Questions about events: one frozen query, a catalogue of what can be asked, one renderer, routes."""

from pulseboard.insights.api import Usage, Used
from pulseboard.insights.buckets import borders, day_start, millis, moment, touched_hours
from pulseboard.insights.frames import Context, check_filters, context_of
from pulseboard.insights.kinds import Spec, answer_spec, check_spec
from pulseboard.insights.parameters import (
    BODY,
    AskedFrame,
    AskedMetas,
    AskedProject,
    AskedStore,
    Range,
    Since,
    Timezone,
    Until,
    Watermark,
    meta_of,
)
from pulseboard.insights.parse import FIRST, LAST, parse_period, parse_timezone, type_filter
from pulseboard.insights.plan import MAX_BUCKETS
from pulseboard.insights.query import Dimension, Filter, Grain, Period, Query
from pulseboard.insights.routes import routes
from pulseboard.insights.run import chart, totals
from pulseboard.insights.schemas import MetaOut
from pulseboard.insights.web import WEB, AskedWebMeta, GoalCount, GoalKind, Wanted, WebMetaOut, count_goals

__all__ = [
    "BODY",
    "FIRST",
    "LAST",
    "MAX_BUCKETS",
    "WEB",
    "AskedFrame",
    "AskedMetas",
    "AskedProject",
    "AskedStore",
    "AskedWebMeta",
    "Context",
    "Dimension",
    "Filter",
    "GoalCount",
    "GoalKind",
    "Grain",
    "MetaOut",
    "Period",
    "Query",
    "Range",
    "Since",
    "Spec",
    "Timezone",
    "Until",
    "Usage",
    "Used",
    "Wanted",
    "Watermark",
    "WebMetaOut",
    "answer_spec",
    "borders",
    "chart",
    "check_filters",
    "check_spec",
    "context_of",
    "count_goals",
    "day_start",
    "meta_of",
    "millis",
    "moment",
    "parse_period",
    "parse_timezone",
    "routes",
    "totals",
    "touched_hours",
    "type_filter",
]
