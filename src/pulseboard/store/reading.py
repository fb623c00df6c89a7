"""What the reads of one request have in common: they are stopped together, and say what each of them took."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import uuid4

from pulseboard.errors import Unavailable
from pulseboard.store.base import Param


class Stopped(Unavailable):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One statement: ``rows`` and ``bytes`` were read from the tables, none of them when the answer was ``kept``."""

    sql: str
    params: Mapping[str, Param]
    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0
    kept: bool = False


@dataclass(slots=True)
class Reading:
    """``name`` stands in each statement, so that the engine finds it. ``explained`` asks for the costs."""

    explained: bool = False
    name: str = field(default_factory=lambda: uuid4().hex)
    stopped: bool = False
    costs: list[Cost] = field(default_factory=list)

    def mark(self, sql: str) -> str:
        """The statement with the name before it.

        Raises:
            Stopped: it need not run.
        """
        if self.stopped:
            raise Stopped()
        return f"{self.comment} {sql}"

    @property
    def comment(self) -> str:
        return f"/* {self.name} */"


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def current() -> Reading | None:
    """The reading that this code is a part of; threads of a request are, too."""
    return _reading.get()


@contextmanager
def reading(explained: bool = False) -> Iterator[Reading]:
    """Makes the reads of the block one reading."""
    made = Reading(explained)
    token = _reading.set(made)
    try:
        yield made
    finally:
        _reading.reset(token)
