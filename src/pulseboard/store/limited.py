"""Reads that see a project's events from a day on, whatever the statement says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pulseboard.store.base import Param, ProjectScope, Row, Scope, Store


@dataclass(frozen=True, slots=True)
class LimitedReads:
    """A ``Store`` whose reads of a project leave out what is before the day ``hidden_before`` says, if it says one."""

    store: Store
    hidden_before: Callable[[str], date | None]

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        if isinstance(scope, ProjectScope):
            scope = replace(scope, since=self.hidden_before(scope.project_id))
        return self.store.read(sql, params, scope)

    def insert(self, table: str, rows: bytes) -> int:
        return self.store.insert(table, rows)

    def command(self, sql: str, params: Mapping[str, Param] | None = None) -> None:
        self.store.command(sql, params)

    def stop(self, name: str) -> None:
        self.store.stop(name)

    def close(self) -> None:
        self.store.close()
