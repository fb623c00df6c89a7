"""What people keep of a project's analysis: named filters."""

from pulseboard.saved.segment_routes import routes
from pulseboard.saved.segments import SavedSegments

__all__ = ["SavedSegments", "routes"]
