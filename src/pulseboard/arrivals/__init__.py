"""What comes to a project: how much by whom, what was refused and why, who has gone silent, which words are used."""

from pulseboard.arrivals.routes import routes
from pulseboard.arrivals.silence import silent_since
from pulseboard.arrivals.sources import SourceView, sources

__all__ = ["SourceView", "routes", "silent_since", "sources"]
