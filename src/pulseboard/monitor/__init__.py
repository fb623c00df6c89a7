"""Pulseboard watches itself: its own requests are events of a built-in project."""

from pulseboard.monitor.requests import Monitor, Note, Silent
from pulseboard.monitor.routes import routes

__all__ = ["Monitor", "Note", "Silent", "routes"]
