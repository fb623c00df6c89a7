"""What the installation's owner looks after: events that could not be stored, and what waits to be."""

from pulseboard.admin.routes import routes

__all__ = ["routes"]
