"""What people keep of a project's analysis: filters and questions with a name."""

from pulseboard.saved.goal_routes import routes as _goal_routes
from pulseboard.saved.insight_routes import routes as _insight_routes
from pulseboard.saved.segment_routes import routes as _segment_routes
from pulseboard.saved.segments import SavedSegments

routes = [*_segment_routes, *_insight_routes, *_goal_routes]

__all__ = ["SavedSegments", "routes"]
