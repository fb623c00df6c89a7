"""Persons one by one: who they are, what they did, and erasing them."""

from pulseboard.persons.routes import routes

__all__ = ["routes"]
