"""Web analytics: views, visitors and sessions of a site, by where they came from, where they are and what they read."""

from pulseboard.insights.web.goals import GoalCount, GoalKind, Wanted, count_goals
from pulseboard.insights.web.reading import WEB, AskedWebMeta, WebMetaOut
from pulseboard.insights.web.routes import routes

__all__ = ["WEB", "AskedWebMeta", "GoalCount", "GoalKind", "Wanted", "WebMetaOut", "count_goals", "routes"]
