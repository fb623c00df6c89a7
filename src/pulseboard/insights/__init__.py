"""Questions about events: one frozen query, a catalogue of what can be asked, one renderer, routes."""

from pulseboard.insights.buckets import borders, millis, moment, touched_hours
from pulseboard.insights.parameters import Range, Since, Timezone, Until, Watermark, meta_of
from pulseboard.insights.parse import parse_period, parse_timezone
from pulseboard.insights.plan import MAX_BUCKETS
from pulseboard.insights.query import Period
from pulseboard.insights.routes import routes
from pulseboard.insights.schemas import MetaOut

__all__ = [
    "MAX_BUCKETS",
    "MetaOut",
    "Period",
    "Range",
    "Since",
    "Timezone",
    "Until",
    "Watermark",
    "borders",
    "meta_of",
    "millis",
    "moment",
    "parse_period",
    "parse_timezone",
    "routes",
    "touched_hours",
]
