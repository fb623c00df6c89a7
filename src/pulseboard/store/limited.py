"""Reads that see a project's events from a day on, whatever the statement says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from pulseboard.store.base import Param, ProjectScope, Row, Scope, Store
from pulseboard.store.through import Through


class LimitedReads(Through):
    """A ``Store`` whose reads of a project leave out what is before the day ``hidden_before`` says, if it says one."""

    def __init__(self, store: Store, hidden_before: Callable[[str], date | None]) -> None:
        super().__init__(store)
        self._hidden_before = hidden_before

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        if isinstance(scope, ProjectScope):
            scope = replace(scope, since=self._hidden_before(scope.project_id))
        return self._store.read(sql, params, scope)
