"""Errors in groups: how many, of whom, since when, in which releases; open, resolved, ignored, or back again."""

from pulseboard.issues.routes import routes

__all__ = ["routes"]
