"""Structured logs on standard error: text for people, JSON for machines."""

import logging
import sys
from typing import TextIO, cast

import structlog

from pulseboard.settings import Server

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _Forgiving:
    """Standard error, often a file on the very disk that is full: what it does not take is lost, and stops nobody."""

    def write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
        except OSError:
            return

    def flush(self) -> None:
        try:
            sys.stderr.flush()
        except OSError:
            return


def configure(server: Server) -> None:
    """Sends structlog's and the libraries' own lines to standard error in the chosen format and level."""
    level, stream = _LEVELS[server.log_level], cast(TextIO, _Forgiving())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if server.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))  # libraries speak when something is wrong
