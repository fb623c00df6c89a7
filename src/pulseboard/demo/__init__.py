"""A made-up month to look at before there are events of one's own."""

from pulseboard.demo.fill import Demo, fill

__all__ = ["Demo", "fill"]
