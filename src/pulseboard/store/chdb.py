"""The event store inside this process: ClickHouse by way of chDB, on local disk."""

import fcntl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.store.base import READ_MEMORY, Param, PlatformScope, Row, RowsRefused, Scope, StoreInUse
from pulseboard.store.driver import Connection, fail_insert, fail_read, fail_start
from pulseboard.store.files import fixed_read, schema_steps
from pulseboard.store.params import render
from pulseboard.store.pool import Pool
from pulseboard.store.reading import Cost, Stopped, current
from pulseboard.store.scope import table_filters

# The engine's caches may grow to gigabytes each unless told otherwise; marks and primary keys of 100 M events fit.
_ENGINE = "mark_cache_size=134217728&primary_index_cache_size=134217728"
# One reader of answers: ISO times, integers as numbers, and NaN as null, because JSON has no word for it.
_READ_SETTINGS = (
    "date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0, "
    "output_format_json_quote_denormals = 0"
)
# An import may bring ten years in one batch, which is more partitions than the engine takes unasked.
_INSERT_SETTINGS = "input_format_skip_unknown_fields = 0, max_insert_threads = 1, max_partitions_per_insert_block = 0"
_STOP = "KILL QUERY WHERE startsWith(query, {name:String}) ASYNC"
_COMMAND_SETTINGS = "mutations_sync = 1, lightweight_deletes_sync = 1"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one read may use, and how many reads run at once (the others wait for their turn).

    Groups that take more than half of the ``memory`` (bytes) go to the ``disk`` (bytes), which is slower.
    """

    seconds: float = 30
    memory: int = READ_MEMORY
    disk: int = 4 * 1024**3
    threads: int = 2
    reads: int = 4


class ChdbStore:
    """``store.base.Store`` over one data folder; threads may share it."""

    def __init__(self, path: Path, budget: Budget) -> None:
        self._address, self._budget = f"{path}?{_ENGINE}", budget
        self._tables: dict[str, bool] = {}
        self._reads = Pool(self._reader, size=budget.reads)
        self._inserts = Pool(lambda _: self._connect(_INSERT_SETTINGS), size=1)
        self._commands = Pool(lambda _: self._connect(_COMMAND_SETTINGS), size=1)
        self._stops = Pool(lambda _: self._connect("max_threads = 1"), size=1)

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        own = current()
        with self._reads.lease(scope) as connection:
            began = time.perf_counter()
            try:
                statement = sql if own is None else own.mark(sql)
                answer = connection.query(statement, "JSONEachRow", params=render(params))
            except RuntimeError as error:
                if own is not None and own.stopped:
                    raise Stopped() from None
                fail_read(error, sql)
        if own is not None:
            took = time.perf_counter() - began
            own.costs.append(Cost(sql, params, answer.storage_rows_read(), answer.storage_bytes_read(), took))
        return _lines.decode_lines(answer.bytes())

    def insert(self, table: str, rows: bytes) -> int:
        with self._inserts.lease(PlatformScope()) as connection:
            try:
                # The engine's stream of rows is faster, but tells nobody when its last step finds no disk or memory.
                statement = f"INSERT INTO {table} FORMAT JSONEachRow\n{rows.decode()}"
                return int(connection.query(statement, "Null").rows_written())
            except UnicodeDecodeError:
                raise RowsRefused(f"{table} takes UTF-8 only") from None
            except RuntimeError as error:
                fail_insert(error, table)

    def command(self, sql: str, params: Mapping[str, Param] | None = None) -> None:
        with self._commands.lease(PlatformScope()) as connection:
            try:
                connection.query(sql, "Null", params=render(params or {}))
            except RuntimeError as error:
                fail_read(error, sql)

    def stop(self, name: str) -> None:
        with self._stops.lease(PlatformScope()) as connection:
            try:
                connection.query(_STOP, "Null", params=render({"name": name}))
            except RuntimeError as error:
                fail_read(error, _STOP)

    def close(self) -> None:
        for pool in (self._reads, self._inserts, self._commands, self._stops):
            pool.close()

    def migrate(self, clock: Clock) -> None:
        """Applies the schema steps that this folder has not seen, in order."""
        self.command(fixed_read("schema_versions_create"))
        self._learn_tables()
        seen = {row["number"] for row in self.read(fixed_read("schema_versions_seen"), {}, PlatformScope())}
        for step in schema_steps():
            if step.number in seen:
                continue
            for statement in step.statements:
                self.command(statement)
            moment = rfc3339(clock())
            done = {"number": step.number, "name": step.name, "applied_at": moment}
            self.insert("schema_versions", msgspec.json.encode(done))
        self._learn_tables()

    def _learn_tables(self) -> None:
        rows = self.read(fixed_read("tables"), {}, PlatformScope())
        self._tables = {row["table_name"]: bool(row["scoped"]) for row in rows}

    def _connect(self, settings: str) -> Connection:
        try:
            connection = Connection(self._address)
            connection.query(f"SET {settings}")
        except RuntimeError as error:
            fail_start(error, self._address)
        return connection

    def _reader(self, scope: Scope) -> Connection:
        filters, budget = table_filters(scope, self._tables), self._budget
        # readonly comes last: after it nothing else can be set.
        return self._connect(
            f"{_READ_SETTINGS}, max_threads = {budget.threads}, max_execution_time = {budget.seconds}, "
            f"max_memory_usage = {budget.memory}, max_bytes_before_external_group_by = {budget.memory // 2}, "
            f"max_temporary_data_on_disk_size_for_query = {budget.disk}, "
            f"additional_table_filters = {filters}, readonly = 1"
        )


def open_chdb(path: Path, clock: Clock, budget: Budget = Budget()) -> ChdbStore:
    """Opens (and makes or brings up to date) the store in the folder ``path``.

    Raises:
        StoreInUse: another process, or another store in this one, owns the folder.
        Unavailable: the engine cannot start there.
        ValueError: the path has a question mark, after which the engine would read settings.
    """
    if "?" in str(path):
        raise ValueError(f"the path of the event store must not contain a question mark: {path}")
    path.mkdir(parents=True, exist_ok=True)
    _refuse_second_owner(path)
    store = ChdbStore(path, budget)
    try:
        store.migrate(clock)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_second_owner(path: Path) -> None:
    """The engine locks this file too, but says only "error initializing" when it cannot."""
    status = path / "status"
    if not status.exists():
        return
    with status.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse(f"The event store in {path} is in use by another process; stop that one first") from None


_lines: msgspec.json.Decoder[Row] = msgspec.json.Decoder(Row)
