"""Pulseboard: one process that collects, analyses and shows what happens in other apps."""

__version__ = "0.1.0"
