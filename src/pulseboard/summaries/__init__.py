"""Sums of a project's days, weeks and months, kept as data and mended when late events reach them."""

from pulseboard.summaries.fill import Keeper
from pulseboard.summaries.kept import Figures
from pulseboard.summaries.periods import PERIOD_TYPES
from pulseboard.summaries.routes import routes
from pulseboard.summaries.verify import Difference, verify

__all__ = ["PERIOD_TYPES", "Difference", "Figures", "Keeper", "routes", "verify"]
