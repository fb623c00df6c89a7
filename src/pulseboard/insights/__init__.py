"""Questions about events: one frozen query, a catalogue of what can be asked, one renderer, routes."""

from pulseboard.insights.api import Usage, Used
from pulseboard.insights.buckets import borders, day_start, millis, moment, touched_hours
from pulseboard.insights.catalog import NOT_SET
from pulseboard.insights.frames import Context, check_filters, context_of
from pulseboard.insights.kinds import Spec, answer_spec, check_spec
from pulseboard.insights.listing import events
from pulseboard.insights.listing import read_cursor as read_event_cursor
from pulseboard.insights.merged import MergedReads
from pulseboard.insights.parameters import (
    BODY,
    FRAME,
    LISTING,
    AskedFrame,
    AskedMeta,
    AskedMetas,
    AskedProject,
    AskedStore,
    Range,
    Reach,
    Since,
    Timezone,
    Until,
    Watermark,
    meta_of,
)
from pulseboard.insights.parse import FIRST, LAST, Frame, parse_period, parse_timezone, type_filter
from pulseboard.insights.plan import MAX_BUCKETS, MAX_GROUPS
from pulseboard.insights.query import Dimension, Filter, Grain, Listing, Period, Query
from pulseboard.insights.routes import routes
from pulseboard.insights.run import Chart, chart, groups, totals
from pulseboard.insights.schemas import EventOut, MetaOut
from pulseboard.insights.web import WEB, AskedWebMeta, GoalCount, GoalKind, Wanted, WebMetaOut, count_goals

__all__ = [
    "BODY",
    "FIRST",
    "FRAME",
    "LAST",
    "LISTING",
    "MAX_BUCKETS",
    "MAX_GROUPS",
    "NOT_SET",
    "WEB",
    "AskedFrame",
    "AskedMeta",
    "AskedMetas",
    "AskedProject",
    "AskedStore",
    "AskedWebMeta",
    "Chart",
    "Context",
    "Dimension",
    "EventOut",
    "Filter",
    "Frame",
    "GoalCount",
    "GoalKind",
    "Grain",
    "Listing",
    "MergedReads",
    "MetaOut",
    "Period",
    "Query",
    "Range",
    "Reach",
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
    "events",
    "groups",
    "meta_of",
    "millis",
    "moment",
    "parse_period",
    "parse_timezone",
    "read_event_cursor",
    "routes",
    "totals",
    "touched_hours",
    "type_filter",
]
