"""The event store's port. SQL is ClickHouse's on both engines; only this room knows how it gets there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Param = str | int | float | Sequence[str] | Sequence[int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProjectScope:
    """Reads see this project's rows and no other's: the engine itself filters every table by it."""

    project_id: str


@dataclass(frozen=True, slots=True)
class PlatformScope:
    """The platform's own reads (admin numbers, the writer's look-ups). Never made from a request's input."""


Scope = ProjectScope | PlatformScope


class Store(Protocol):
    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        """Rows of a SELECT whose values are ``{name:Type}`` parameters.

        Raises:
            Unavailable: the engine did not answer or the query went over its budget.
        """

    def insert(self, table: str, rows: bytes, *, token: str = "") -> int:
        """Inserts newline-separated JSON objects; durable on return. The same ``token`` is inserted once."""

    def command(self, sql: str, params: Mapping[str, Param] | None = None) -> None:
        """A statement without rows: DDL, INSERT SELECT, DELETE."""

    def close(self) -> None: ...
