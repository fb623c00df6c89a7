"""What stands before a store and changes only its reads."""

from collections.abc import Mapping

from pulseboard.store.base import Param, Store


class Through:
    """Everything of a ``Store`` but ``read``, handed on to the one behind."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def insert(self, table: str, rows: bytes) -> int:
        return self._store.insert(table, rows)

    def command(self, sql: str, params: Mapping[str, Param] | None = None) -> None:
        self._store.command(sql, params)

    def stop(self, name: str) -> None:
        self._store.stop(name)

    def close(self) -> None:
        self._store.close()
