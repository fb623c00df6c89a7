"""Pulseboard watches itself: its own requests are events of a built-in project."""

from pulseboard.monitor.requests import Monitor, Note, Silent

__all__ = ["Monitor", "Note", "Silent"]
