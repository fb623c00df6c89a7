"""Candidates for the events table, measured: ``python -m bench.schema_candidates [--rows N] [--only PATTERN] [--cpu]``.

Makes one source of events (one big project and 200 small ones), copies it into every candidate, and prints for each
what inserts cost, how large it is, and how long the dashboards' reads take on it. Times are the best of several. On a
busy machine ``--cpu`` counts the time of all the process's threads instead of the wall's.
"""

import argparse
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.resources import files
from time import perf_counter, process_time

import msgspec

from pulseboard.store.driver import Connection
from pulseboard.store.files import schema_steps

PROJECT = "01970000-0000-7000-8000-00000000000a"
SMALL = "01970000-0000-7000-8000-000000001005"
BATCH = 5_000
DAYS = "timestamp >= toDateTime64('2026-01-01', 3, 'UTC') AND timestamp < toDateTime64('2026-01-31', 3, 'UTC')"
clock = perf_counter
SETTINGS = "fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 10000"


MANY_VALUED = frozenset(
    (
        *("referrer_domain", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
        *("region", "city", "endpoint", "release", "service", "library"),
    )
)


@dataclass(frozen=True)
class Candidate:
    """A change to the table of the schema; ``property`` reads one key, ``source`` is where reads select from."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    order: str = ""
    partition: str | None = None
    engine: str = "MergeTree"
    property: str = "JSONExtractString(properties, 'plan')"
    source: str = "{table}"
    day: str = "toDate(timestamp)"
    range: str = DAYS
    each: Callable[[str, str], str] = lambda _name, kind: kind
    slow: bool = False  # takes half an hour for ten million rows


@dataclass(frozen=True)
class Table:
    """The parts of a CREATE statement that candidates vary."""

    columns: dict[str, str]
    order: str
    partition: str

    @property
    def inserted(self) -> list[str]:
        return [name for name, kind in self.columns.items() if "MATERIALIZED" not in kind]

    def create(self, name: str, engine: str) -> str:
        columns = ", ".join(f"{column} {kind}" for column, kind in self.columns.items())
        partition = f"PARTITION BY {self.partition}" if self.partition else ""
        return (
            f"CREATE TABLE {name} ({columns}) ENGINE = {engine} {partition} ORDER BY {self.order} SETTINGS {SETTINGS}"
        )


def chosen() -> Table:
    """The events table as the schema has it."""
    text = schema_steps()[0].statements[0]
    order = re.search(r"ORDER BY (.*)", text)
    partition = re.search(r"PARTITION BY (.*)", text)
    assert order
    columns = dict(re.findall(r"^    ([a-z_]+) (.+?),?$", text.partition("ENGINE")[0], re.MULTILINE))
    return Table(columns, order[1], partition[1] if partition else "")


def projections() -> dict[str, str]:
    """The projections of the schema by name."""
    text = schema_steps()[0].statements[0]
    return dict(re.findall(r"PROJECTION (\w+)\s+\((.*?)\n    \)", text, re.DOTALL))


def without_codec(_name: str, kind: str) -> str:
    return re.sub(r" CODEC\(.*\)\)", "", kind)


def with_zstd(name: str, kind: str) -> str:
    plain = without_codec(name, kind)
    return plain if "MATERIALIZED" in plain else f"{plain} CODEC(ZSTD(1))"


def plain_text(_name: str, kind: str) -> str:
    return kind.replace("LowCardinality(String)", "String")


def low_cardinality(name: str, kind: str) -> str:
    """Every dimension, those with many values among them."""
    return "LowCardinality(String)" if name in MANY_VALUED else kind


def timed_with(codec: str) -> dict[str, str]:
    base = chosen().columns
    return {
        name: f"{without_codec(name, base[name])} CODEC({codec})" for name in ("timestamp", "received_at", "stored_at")
    }


JSON_READ = "properties.plan::String"
CANDIDATES = (
    Candidate("chosen"),
    Candidate("order day, name, person, time", order="(project_id, toDate(timestamp), name, person, timestamp)"),
    Candidate("order day, person, time", order="(project_id, toDate(timestamp), person, timestamp)"),
    Candidate("order time", order="(project_id, timestamp)"),
    Candidate("order name, time", order="(project_id, name, timestamp)"),
    Candidate(
        "day as a column",
        columns={"day": "Date DEFAULT toDate(timestamp)"},
        order="(project_id, day, kind, name, person, timestamp)",
        day="day",
        range="day >= '2026-01-01' AND day < '2026-01-31'",
    ),
    Candidate("partition by week", partition="toMonday(timestamp)"),
    Candidate("no partition", partition=""),
    Candidate("LZ4 everywhere", each=without_codec),
    Candidate("ZSTD(1) everywhere", each=with_zstd),
    Candidate("times Delta, ZSTD(1)", columns=timed_with("Delta(8), ZSTD(1)")),
    Candidate("times DoubleDelta, LZ4", columns=timed_with("DoubleDelta, LZ4")),
    Candidate("properties JSON", columns={"properties": "JSON"}, property=JSON_READ, slow=True),
    Candidate("properties JSON, 32 paths", columns={"properties": "JSON(max_dynamic_paths=32)"}, property=JSON_READ),
    Candidate("properties JSON, 0 paths", columns={"properties": "JSON(max_dynamic_paths=0)"}, property=JSON_READ),
    Candidate("properties Map", columns={"properties": "Map(String, String)"}, property="properties['plan']"),
    Candidate("id UUID, session text", columns={"id": "UUID", "session": "String CODEC(ZSTD(1))"}),
    Candidate("no LowCardinality", each=plain_text),
    Candidate("more LowCardinality", each=low_cardinality),
    Candidate(
        "ReplacingMergeTree, FINAL",
        engine="ReplacingMergeTree",
        order="(project_id, toDate(timestamp), kind, name, person, timestamp, id)",
        source="{table} FINAL",
    ),
    Candidate(
        "LIMIT 1 BY id",
        source="(SELECT *, is_error FROM {table} WHERE {project} AND {range} LIMIT 1 BY id)",
    ),
)

# Each read over 30 days of the big project, except the last.
READS = {
    "overview": "SELECT count(), countIf(is_error), uniqExact(person), uniqExact(session) FROM {from} WHERE {mine}",
    "people": "SELECT count(), countIf(is_error), uniqExact(person) FROM {from} WHERE {mine}",
    "series": "SELECT {day} AS d, count() FROM {from} WHERE {mine} GROUP BY d",
    "series, people": "SELECT {day} AS d, count(), uniqExact(person) FROM {from} WHERE {mine} GROUP BY d",
    "names": "SELECT name, count() AS n, uniqExact(person) FROM {from} WHERE {mine} GROUP BY name ORDER BY n DESC",
    "paths": "SELECT path, count() AS n FROM {from} WHERE {mine} AND kind = 'PAGE_VIEW' GROUP BY path ORDER BY n DESC",
    "countries": "SELECT country, count() FROM {from} WHERE {mine} AND device = 'phone' GROUP BY country",
    "cities": "SELECT city, count() FROM {from} WHERE {mine} GROUP BY city",
    "errors": "SELECT message, count(), uniqExact(person), min(timestamp), max(timestamp) FROM {from}"
    " WHERE {mine} AND kind = 'ERROR' GROUP BY message",
    "property": "SELECT {property} AS p, count() FROM {from} WHERE {mine} AND name = 'page_view' GROUP BY p",
    "p95": "SELECT endpoint, quantileExact(0.95)(duration_ms) FROM {from} WHERE {mine} AND kind = 'REQUEST'"
    " GROUP BY endpoint",
    "funnel": "SELECT level, count() FROM (SELECT person, windowFunnel(86400000)(toUInt64(toUnixTimestamp64Milli("
    "timestamp)), name = 'page_view', name = 'invite_26', name = 'export_27') AS level FROM {from}"
    " WHERE {mine} AND name IN ('page_view', 'invite_26', 'export_27') GROUP BY person) GROUP BY level",
    "newest 50": "SELECT id, name, timestamp, url, user_id, properties FROM {from} WHERE {mine}"
    " AND timestamp >= toDateTime64('2026-01-30 18:00:00', 3, 'UTC') ORDER BY timestamp DESC LIMIT 50",
    "one person": "SELECT id, name, timestamp, url FROM {from} WHERE {mine} AND person = 777 ORDER BY timestamp DESC"
    " LIMIT 100",
    "small project": "SELECT count(), countIf(is_error), uniqExact(person), uniqExact(session) FROM {from}"
    " WHERE {small}",
}


def varied(base: Table, candidate: Candidate) -> Table:
    """The base with the candidate's changes."""
    columns = {**base.columns, **candidate.columns}
    columns = {name: candidate.each(name, kind) for name, kind in columns.items()}
    partition = base.partition if candidate.partition is None else candidate.partition
    return replace(base, columns=columns, order=candidate.order or base.order, partition=partition)


def run(connection: Connection, sql: str, **params: str) -> bytes:
    return bytes(connection.query(sql, "TSV", params=params).bytes())


def timed(work: Callable[[], object], times: int = 1) -> float:
    """The shortest of ``times`` runs, in seconds of the chosen clock."""
    best = float("inf")
    for _ in range(times):
        started = clock()
        work()
        best = min(best, clock() - started)
    return best


def make_source(connection: Connection, base: Table, rows: int) -> None:
    """One project with ``rows`` events, and 200 with a tenth of that among them."""
    plain = {name: without_codec(name, kind) for name, kind in base.columns.items() if name in base.inserted}
    run(
        connection,
        replace(base, columns={**plain, "properties": "String"}, order="tuple()", partition="").create(
            "source", "MergeTree"
        ),
    )
    text = files(__package__).joinpath("schema_source.sql").read_text(encoding="utf-8")
    run(connection, text, rows=str(rows), persons="200000", project=PROJECT)
    run(connection, text, rows=str(rows // 10), persons="2000", project="")


def fill(connection: Connection, table: Table, engine: str) -> float:
    """Copies the source into ``candidate``, one part for each partition; seconds."""
    run(connection, "DROP TABLE IF EXISTS candidate SYNC")
    run(connection, table.create("candidate", engine))
    names = [name for name in table.inserted if name != "day"]
    kind = table.columns["properties"]
    text = "JSONExtractKeysAndValues(properties, 'String')::Map(String, String)" if "Map" in kind else "properties"
    values = ", ".join(text if name == "properties" else name for name in names)
    whole = "min_insert_block_size_rows = 100000000, min_insert_block_size_bytes = 0, max_insert_threads = 1"
    statement = f"INSERT INTO candidate ({', '.join(names)}) SELECT {values} FROM source SETTINGS {whole}"
    return timed(lambda: run(connection, statement))


def sample(connection: Connection, table: Table, rows: int) -> list[list[dict[str, object]]]:
    """Batches as the writer sends them: defaults left out, times in seconds, big and small projects mixed."""
    times = [f"toFloat64({name}) AS {name}" for name in ("timestamp", "received_at")]
    same = [name for name in table.inserted if name not in ("timestamp", "received_at", "stored_at")]
    sql = f"SELECT {', '.join(same + times)} FROM source WHERE cityHash64(id) % {max(1, rows // (BATCH * 20))} = 0"
    decoder = msgspec.json.Decoder(dict[str, object])
    found = decoder.decode_lines(connection.query(f"{sql} LIMIT {BATCH * 20}", "JSONEachRow").bytes())
    slim = [{name: value for name, value in row.items() if value not in ("", 0, None)} for row in found]
    return [slim[start : start + BATCH] for start in range(0, len(slim), BATCH)]


def encoded(batch: list[dict[str, object]], kind: str) -> bytes:
    """A batch as JSON lines, the properties in the form that their column takes."""
    convert = _texts if "Map" in kind else _raw
    return msgspec.json.Encoder().encode_lines(
        [{**row, "properties": convert(str(row["properties"]))} for row in batch]
    )


def _texts(text: str) -> dict[str, str]:
    return {key: str(value) for key, value in msgspec.json.decode(text).items()}


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def insert_batches(connection: Connection, table: Table, engine: str, batches: list[list[dict[str, object]]]) -> float:
    """JSON rows a second of the quickest durable batch; stops after five seconds."""
    run(connection, "DROP TABLE IF EXISTS batched SYNC")
    run(connection, table.create("batched", engine))
    times: list[float] = []
    for batch in batches:
        lines = encoded(batch, table.columns["properties"])
        times.append(timed(lambda lines=lines: insert_lines(connection, lines)))  # type: ignore[misc]
        if sum(times) > 5:
            break
    return BATCH / min(times)


def insert_lines(connection: Connection, lines: bytes) -> None:
    with connection.send_insert("INSERT INTO batched", format="JSONEachRow") as stream:
        stream.append(lines)
        stream.finish()


def reads(connection: Connection, candidate: Candidate, table: str) -> dict[str, float]:
    """Milliseconds of every read."""
    project, small = f"project_id = '{PROJECT}'", f"project_id = '{SMALL}'"
    took = {}
    for name, template in READS.items():
        source = candidate.source.format(
            table=table, project=small if name == "small project" else project, range=candidate.range
        )
        sql = template.format(
            **{"from": source, "mine": f"{project} AND {candidate.range}", "small": f"{small} AND {candidate.range}"},
            day=candidate.day,
            property=candidate.property,
        )
        took[name] = timed(lambda sql=sql: run(connection, sql), 4) * 1000  # type: ignore[misc]
    return took


KEPT_DAYS = (
    "SELECT {what} FROM (SELECT toDate(timestamp) AS d, count() AS n, sum(is_error) AS e,"
    " groupBitmapIfState(person, person != 0) AS p, uniqExactIfState(session, session != 0) AS s FROM candidate"
    " WHERE {mine} AND d >= '2026-01-01' AND d < '2026-01-31' GROUP BY d) {group}"
)
KEPT_QUARTERS = (
    "SELECT {what}, sum(n) FROM (SELECT toStartOfFifteenMinutes(timestamp) AS q, name, count() AS n FROM candidate"
    " WHERE {mine} AND q >= '2026-01-01 00:00:00' AND q < '2026-01-31 00:00:00' GROUP BY q, name) {group}"
)
NEW_YORK = "toDate(q, 'America/New_York') AS d"
KEPT_READS = {
    "by_day: overview": KEPT_DAYS.format(
        what="sum(n), sum(e), groupBitmapIfMerge(p), uniqExactIfMerge(s)", group="", mine="{mine}"
    ),
    "by_day: people": KEPT_DAYS.format(what="sum(n), sum(e), groupBitmapIfMerge(p)", group="", mine="{mine}"),
    "by_day: series, people": KEPT_DAYS.format(
        what="d, sum(n), groupBitmapIfMerge(p)", group="GROUP BY d", mine="{mine}"
    ),
    "by_quarter: series, New York": KEPT_QUARTERS.format(what=NEW_YORK, group="GROUP BY d", mine="{mine}"),
    "by_quarter: names": KEPT_QUARTERS.format(what="name", group="GROUP BY name", mine="{mine}"),
}


def measure(
    connection: Connection, base: Table, candidate: Candidate, batches: list[list[dict[str, object]]], rows: int
) -> dict[str, float]:
    """One line of the table."""
    table = varied(base, candidate)
    copied = fill(connection, table, candidate.engine)
    size = run(connection, "SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'candidate' AND active")
    return {
        "JSON rows/s": insert_batches(connection, table, candidate.engine, batches),
        "copied rows/s": rows * 1.1 / copied,
        "MiB": int(size) / 2**20,
        **reads(connection, candidate, "candidate"),
    }


def measure_kept(connection: Connection) -> dict[str, float]:
    """For each projection: seconds to make it from the table named candidate, MiB; then milliseconds of each read."""
    figures = {}
    for name, body in projections().items():
        run(connection, f"ALTER TABLE candidate ADD PROJECTION {name} ({body})")
        make = f"ALTER TABLE candidate MATERIALIZE PROJECTION {name} SETTINGS mutations_sync = 1"
        figures[f"{name}: made in (s)"] = timed(lambda make=make: run(connection, make))  # type: ignore[misc]
        size = f"SELECT sum(bytes_on_disk) FROM system.projection_parts WHERE name = '{name}' AND active"
        figures[f"{name}: MiB"] = int(run(connection, size)) / 2**20
    for name, sql in KEPT_READS.items():
        text = sql.format(mine=f"project_id = '{PROJECT}'")
        figures[f"{name} (ms)"] = timed(lambda text=text: run(connection, text), 8) * 1000  # type: ignore[misc]
    return figures


def connect(path: str) -> Connection:
    """A connection with what the store sets for reads and inserts."""
    connection = Connection(path)
    run(connection, "SET max_threads = 2, max_insert_threads = 1, type_json_skip_duplicated_paths = 1")
    run(connection, "SET input_format_try_infer_dates = 0, input_format_try_infer_datetimes = 0")
    return connection


def line(cells: list[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="events of the big project")
    parser.add_argument("--only", default="", help="only candidates whose name has this pattern")
    parser.add_argument("--cpu", action="store_true", help="count the time of all threads, not the wall's")
    options = parser.parse_args()
    if options.cpu:
        global clock
        clock = process_time
    base, kept = chosen(), dict[str, float]()
    with tempfile.TemporaryDirectory() as folder, connect(folder) as connection:
        make_source(connection, base, options.rows)
        batches = sample(connection, base, options.rows)
        line(["candidate", "JSON rows/s", "copied rows/s", "MiB", *READS])
        line(["---"] * (len(READS) + 4))
        for candidate in CANDIDATES:
            if not re.search(options.only, candidate.name) or (candidate.slow and options.rows > 1_000_000):
                continue
            figures = measure(connection, base, candidate, batches, options.rows)
            line([candidate.name, *(f"{figure:,.0f}" for figure in figures.values())])
            if candidate.name == "chosen":
                kept = measure_kept(connection)
    print()
    for name, figure in kept.items():
        line([name, f"{figure:,.1f}"])


if __name__ == "__main__":
    main()
