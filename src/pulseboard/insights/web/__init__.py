"""Web analytics: views, visitors and sessions of a site, by where they came from, where they are and what they read."""

from pulseboard.insights.web.goals import GoalCount, Wanted, count_goals
from pulseboard.insights.web.reading import WEB, Bots, WebMetaOut
from pulseboard.insights.web.routes import routes

__all__ = ["WEB", "Bots", "GoalCount", "Wanted", "WebMetaOut", "count_goals", "routes"]
