"""The one import of chDB, and its errors in our words."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import structlog

from pulseboard.errors import AppError, TooLarge, Unavailable
from pulseboard.store.base import RowsRefused


@contextmanager
def _without(module: str) -> Iterator[None]:
    loaded = module in sys.modules
    if not loaded:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not loaded:
            del sys.modules[module]


# chDB uses pyarrow when it can be imported, for formats that we never ask for; that would cost 42 MB of memory.
with _without("pyarrow"):
    from chdb import engine_version
    from chdb.state.sqlitelike import Connection

__all__ = ["Connection", "engine_version", "fail_insert", "fail_read", "fail_start"]

_log = structlog.get_logger(__name__)
_CODE = re.compile(r"Code: (\d+)\.")

# ClickHouse's numbers. Too long, which may pass; and too many rows, bytes, memory or results, which will not.
_TIME = frozenset({159, 160})
_SIZE = frozenset({158, 241, 307, 396})
_OF_ALL = "(total) memory limit"  # not this statement's, but what all together may use
# The statement or a parameter's type is wrong, and will be wrong again.
_WRONG = frozenset({36, 42, 43, 44, 46, 47, 48, 50, 51, 53, 60, 62, 63, 70, 115, 164, 179, 184, 215, 386, 456, 457})
# A row that cannot be parsed or does not fit its column.
_ROW = frozenset(
    {6, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 131, 169, 190, 321, 349, 376, 407, 467, 636, 645, 691}
)


def fail_start(error: RuntimeError, path: str) -> NoReturn:
    """Raises ``Unavailable``: the engine does not start in that folder."""
    _log.error("store.start_failed", code=_code(error), engine=str(error), path=path)
    raise Unavailable("The event store cannot start") from None


def fail_read(error: RuntimeError, sql: str) -> NoReturn:
    """Raises what a caller may see; the engine's own words go to the log only."""
    code = _code(error)
    _log.error("store.statement_failed", code=code, engine=str(error), sql=sql)
    if code in _TIME:
        raise Unavailable("This question takes longer than it may; ask for a shorter range", retry_after=30) from None
    if code in _SIZE and _OF_ALL not in str(error):
        raise TooLarge("This question needs more memory than it may use; ask for a shorter range") from None
    if code in _WRONG:
        raise AppError() from None
    raise Unavailable("The event store does not answer") from None


def fail_insert(error: RuntimeError, table: str) -> NoReturn:
    """Raises ``RowsRefused`` for rows that will never fit, ``Unavailable`` for all else."""
    code = _code(error)
    _log.error("store.insert_failed", code=code, engine=str(error), table=table)
    if code in _ROW:
        raise RowsRefused(f"{table} does not take these rows") from None
    raise Unavailable("The event store does not take rows") from None


def _code(error: RuntimeError) -> int:
    match = _CODE.search(str(error))
    return int(match[1]) if match else 0
