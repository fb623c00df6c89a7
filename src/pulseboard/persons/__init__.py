"""Persons one by one: who they are, what they did, and erasing them."""

from pulseboard.persons.erase import Eraser, remember
from pulseboard.persons.routes import routes

__all__ = ["Eraser", "remember", "routes"]
