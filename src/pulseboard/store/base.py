"""The event store's port. SQL is ClickHouse's on both engines; only this room knows how it gets there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from pulseboard.kit.machine import memory

Param = str | int | float | datetime | Sequence[str] | Sequence[float]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProjectScope:
    """Reads see this project's rows and no other's: the engine itself filters every table by it.

    Of events they see those that happened on the UTC day ``since`` or later, all when it is None.
    """

    project_id: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class PlatformScope:
    """The platform's own reads (admin numbers, the writer's look-ups). Never made from a request's input."""


Scope = ProjectScope | PlatformScope


# Bytes that one read may use: an eighth of the machine, because several run at once.
READ_MEMORY = max(1024**3, memory() // 8)


class StoreInUse(Exception):
    """Another process owns the data folder; exactly one may."""


class RowsRefused(Exception):
    """The engine can read these rows at no time: set them aside instead of trying again."""


class Store(Protocol):
    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        """Rows of a SELECT whose values are ``{name:Type}`` parameters.

        Integers of any width come as ``int``, times as RFC 3339 text in UTC, NaN and infinities as None.

        Raises:
            Unavailable: the engine did not answer, or the query took longer than it may.
            TooLarge: it needed more memory than it may use.
            AppError: the statement itself is wrong (a fault of ours; trying again does not help).
        """

    def insert(self, table: str, rows: bytes) -> int:
        """Inserts newline-separated JSON objects and says how many; durable on return.

        Keys are column names; a missing key is the column's default; times are seconds since 1970 with a fraction
        (``1700000000.123``).

        Raises:
            RowsRefused: a row does not fit the table; nothing was inserted.
            Unavailable: the disk or the engine refuses now. Rows of one month may be in, and those of another not.
        """

    def command(self, sql: str, params: Mapping[str, Param] | None = None) -> None:
        """A statement without rows: DDL, INSERT SELECT, DELETE (done on return).

        Raises:
            Unavailable, AppError: as for ``read``, but without a time limit.
        """

    def stop(self, name: str) -> None:
        """Stops the reads whose statements begin with the comment ``name``, wherever they are.

        Raises:
            Unavailable: the engine did not answer.
        """

    def close(self) -> None:
        """Waits for what runs, then lets go of the data folder."""
