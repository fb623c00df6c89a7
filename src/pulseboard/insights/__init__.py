"""Questions about events: one frozen query, a catalogue of what can be asked, one renderer, routes."""

from pulseboard.insights.routes import routes

__all__ = ["routes"]
