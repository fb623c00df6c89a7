"""The JSON Schemas that a project's events should fit."""

from pulseboard.projects.event_schemas.routes import routes
from pulseboard.projects.event_schemas.rules import EventRule, EventRules

__all__ = ["EventRule", "EventRules", "routes"]
