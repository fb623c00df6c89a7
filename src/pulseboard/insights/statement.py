"""The bricks of a composed statement: values that become parameters, and the clauses that are put around fragments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from textwrap import indent

from pulseboard.store.base import Param

STEP = "    "


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    params: dict[str, Param]


@dataclass(slots=True)
class Params:
    """Collects values; what comes back is the placeholder that stands for one in the SQL."""

    values: dict[str, Param] = field(default_factory=dict)

    def put(self, name: str, type: str, value: Param) -> str:
        """The placeholder of ``value`` under ``name``.

        Raises:
            ValueError: another value has this name; it would take the place of that one.
        """
        if self.values.setdefault(name, value) != value:
            raise ValueError(f"two values for the parameter {name}")
        return f"{{{name}:{type}}}"


def select(columns: Iterable[str]) -> str:
    """``SELECT`` and its columns, one a line."""
    return "SELECT\n" + ",\n".join(STEP + column for column in columns)


def over(columns: Iterable[str], inner: str, *tail: str) -> str:
    """A SELECT from the rows of another."""
    return "\n".join((f"{select(columns)}\nFROM (", indent(inner, STEP), ")", *tail))


def union(parts: Iterable[str]) -> str:
    """The rows of all parts."""
    return "\nUNION ALL\n".join(parts)


def all_of(*conditions: list[str]) -> str:
    """What stands after ``WHERE``: every condition of every list."""
    return f"\n{STEP}AND ".join(chain.from_iterable(conditions))
