"""API monitoring: calls, how long they took and how they ended, by endpoint, consumer, status and time."""

from pulseboard.insights.api.routes import routes
from pulseboard.insights.api.usage import Usage, Used

__all__ = ["Usage", "Used", "routes"]
