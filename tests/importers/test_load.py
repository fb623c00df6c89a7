"""A log goes through spool and writer like every event; what the store then counts is what the file holds."""

import gzip
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from tests.importers.oracle import count

from pulseboard.importers import Summary, import_access_log, show_access_log
from pulseboard.importers.load import MAX_LINE
from pulseboard.ingest.event import Event, encode
from pulseboard.kit.ids import new_id
from pulseboard.ledger import SqliteLedger
from pulseboard.spool.base import Parcel
from pulseboard.spool.sqlite import SqliteSpool
from pulseboard.store import ProjectScope, Row, Store
from pulseboard.writer.columns import row_of
from pulseboard.writer.counted import Counted
from pulseboard.writer.loop import Writer
from pulseboard.writer.steps import Steps

LOG = Path(__file__).with_name("access.log")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KEY = b"a key of thirty-two random bytes"

Run = Callable[..., Summary]


@pytest.fixture
def put(tmp_path: Path, store: Store) -> Iterator[Callable[[str], Callable[[list[Event]], int]]]:
    spool = SqliteSpool(tmp_path / "spool.db", max_bytes=1 << 30)
    counted = Counted(tmp_path / "counted.db", lambda: NOW)
    ledger = SqliteLedger(tmp_path / "ledger.db")
    writer = Writer(
        spool,
        store,
        Steps(store, counted, lambda *told: [row_of(*told[:2], each) for each in told[2]]),
        ledger,
        settle=lambda *_: None,
        tell=lambda _: None,
    )

    def into(project: str) -> Callable[[list[Event]], int]:
        def put(events: list[Event]) -> int:
            spool.put_now(Parcel(project, int(NOW.timestamp() * 1000), len(events), encode(events)))
            return writer.drain()

        return put

    yield into
    spool.close()
    counted.close()
    ledger.close()


@pytest.fixture
def run(put: Callable[[str], Callable[[list[Event]], int]]) -> Run:
    def run(path: Path, project: str, key: bytes = KEY) -> Summary:
        return import_access_log(
            path, project, key=key, clock=lambda: NOW, put=put(project), progress=lambda position: None
        )

    return run


def _read(store: Store, project: str, columns: str, rest: str = "") -> list[Row]:
    sql = f"SELECT {columns} FROM events WHERE project_id = {{p:UUID}} {rest}"
    return store.read(sql, {"p": project}, ProjectScope(project))


def test_the_store_counts_what_an_independent_count_over_the_file_gives(run: Run, store: Store) -> None:
    project = new_id()
    summary = run(LOG, project)
    oracle = count(LOG, now=NOW)
    totals = _read(store, project, "count() AS n, uniqExact(person) AS people, countIf(kind = 'REQUEST') AS requests")
    assert totals == [{"n": oracle.requests, "people": len(oracle.addresses), "requests": oracle.requests}]
    classes = _read(store, project, "intDiv(status_code, 100) AS class, count() AS n", "GROUP BY class")
    assert {row["class"]: row["n"] for row in classes} == dict(oracle.classes)
    paths = _read(store, project, "path, count() AS n", "GROUP BY path")
    assert {row["path"]: row["n"] for row in paths} == dict(oracle.paths)
    hours = _read(store, project, "toUnixTimestamp(toStartOfHour(timestamp)) AS hour, count() AS n", "GROUP BY hour")
    assert {row["hour"]: row["n"] for row in hours} == dict(oracle.hours)
    assert (summary.requests, summary.refused.total()) == (oracle.requests, oracle.refused)
    assert (summary.new, len(summary.visitors)) == (oracle.requests, len(oracle.addresses))
    assert {int(name[0]): n for name, n in summary.classes.items()} == dict(oracle.classes)


def test_the_excerpt_has_what_makes_logs_hard() -> None:
    oracle = count(LOG, now=NOW)
    assert (oracle.requests, len(oracle.addresses), oracle.refused) == (35, 13, 7)
    assert oracle.classes == {2: 25, 3: 1, 4: 7, 5: 2}
    assert oracle.paths[""] == 2 and oracle.paths["/health"] == 4 and oracle.paths["/tea/green"] == 3


def test_a_second_import_adds_nothing(run: Run, store: Store) -> None:
    project = new_id()
    first, second = run(LOG, project), run(LOG, project)
    assert (first.new, second.new, second.requests) == (35, 0, 35)
    assert _read(store, project, "count() AS n, uniqExact(id) AS ids") == [{"n": 35, "ids": 35}]


def test_a_log_that_has_grown_adds_what_is_new_and_equal_lines_count_each(
    run: Run, store: Store, tmp_path: Path
) -> None:
    line = b'192.0.2.1 - - [03/Mar/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n'
    project, log = new_id(), tmp_path / "access.log"
    log.write_bytes(line * 3)
    assert run(log, project).new == 3
    log.write_bytes(line * 5)
    assert run(log, project).new == 2
    assert _read(store, project, "count() AS n, uniqExact(person) AS people") == [{"n": 5, "people": 1}]


def test_equal_lines_count_each_even_when_they_fall_into_different_batches(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulseboard.importers.load.BATCH", 2)
    log = tmp_path / "access.log"
    log.write_bytes(b'192.0.2.1 - - [03/Mar/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1\n' * 7)
    assert run(log, new_id()).new == 7


def test_the_same_file_goes_into_two_projects(run: Run, store: Store) -> None:
    one, two = new_id(), new_id()
    assert (run(LOG, one).new, run(LOG, two).new) == (35, 35)
    visitors = [{row["anonymous_id"] for row in _read(store, project, "anonymous_id")} for project in (one, two)]
    assert len(visitors[0]) == 13 and not visitors[0] & visitors[1]


def test_no_address_is_kept(run: Run, store: Store) -> None:
    project = new_id()
    run(LOG, project)
    kept = " ".join(str(row) for row in _read(store, project, "*"))
    assert "/tea/green" in kept
    assert [address for address in count(LOG, now=NOW).addresses if address in kept] == []


def test_visitors_and_ids_cannot_be_guessed_without_the_key(run: Run, store: Store) -> None:
    ours, theirs = new_id(), new_id()
    run(LOG, ours)
    run(LOG, theirs, key=b"another key of 32 random bytes!!")
    columns = "anonymous_id, id"
    known = {value for row in _read(store, ours, columns) for value in row.values()}
    assert not known & {value for row in _read(store, theirs, columns) for value in row.values()}


def test_columns_hold_the_request_and_properties_the_rest(run: Run, store: Store) -> None:
    project = new_id()
    run(LOG, project)
    columns = "type, name, method, endpoint, url, status_code, referrer_domain, library"
    rows = _read(store, project, columns + ", JSONExtractInt(properties, 'bytes') AS bytes", "AND path = '/cart'")
    assert rows == [
        {
            "type": "REQUEST",
            "name": "REQUEST",
            "method": "POST",
            "endpoint": "/cart",
            "url": "/cart",
            "status_code": 201,
            "referrer_domain": "shop.example",
            "library": "access-log",
            "bytes": 77,
        }
    ]


def test_a_gzipped_log_is_the_same_log(run: Run, tmp_path: Path) -> None:
    project, zipped = new_id(), tmp_path / "access.log.gz"
    zipped.write_bytes(gzip.compress(LOG.read_bytes()))
    assert run(zipped, project).new == 35
    assert run(LOG, project).new == 0


def test_a_gzipped_log_that_was_cut_off_gives_what_can_be_read_and_says_so(run: Run, tmp_path: Path) -> None:
    lines = b"".join(
        f'192.0.2.{n % 250} - - [03/Mar/2026:08:00:00 +0000] "GET /{n * 7919} HTTP/1.1" 200 {n}\n'.encode()
        for n in range(5_000)
    )
    zipped = tmp_path / "access.log.gz"
    zipped.write_bytes(gzip.compress(lines)[:-2_000])
    summary = run(zipped, new_id())
    assert summary.broken == "the compressed data is damaged or cut off"
    assert 0 < summary.new == summary.requests < 5_000


def test_lines_that_are_too_long_or_tell_of_tomorrow_are_refused(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    start = b'192.0.2.1 - - [03/Mar/2026:08:00:00 +0000] "GET /'
    log.write_bytes(
        start + b"a" * MAX_LINE * 3 + b' HTTP/1.1" 200 1\n'
        b'192.0.2.1 - - [12/Mar/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1\n'
        b'192.0.2.1 - - [11/Mar/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1\r\n' + start + b' HTTP/1.1" 200 1'
    )
    summary = run(log, new_id())
    assert (summary.lines, summary.new) == (4, 2)
    assert summary.refused == {"longer than 32 KiB": 1, "time is more than a day ahead": 1}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00" * 100_000, bytes(range(256)) * 50, b"\x1f\x8bnot gzip"])
def test_what_is_no_log_gives_no_event(run: Run, tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(content)
    summary = run(log, new_id())
    assert (summary.requests, summary.new, summary.lines) == (0, 0, summary.refused.total())


def test_a_person_sees_what_was_read_and_what_was_refused(
    put: Callable[[str], Callable[[list[Event]], int]],
) -> None:
    project, screen = new_id(), io.StringIO()
    console = Console(file=screen, width=100)
    show_access_log(LOG, project, key=KEY, clock=lambda: NOW, put=put(project), console=console)
    said = dict(line.rsplit(maxsplit=1) for line in screen.getvalue().splitlines() if line.strip())
    told = {name.strip(): value for name, value in said.items()}
    assert (told["lines read"], told["requests"], told["new"], told["lines refused"]) == ("42", "35", "35", "7")
    assert told["first"] == "1998-01-01T00:00:00.000Z"
    assert told["time does not exist"] == "1"
