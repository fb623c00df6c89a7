"""What every event store engine promises."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from time import monotonic

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from pulseboard.errors import AppError, NotFound, TooLarge, Unavailable
from pulseboard.store import (
    PlatformScope,
    ProjectScope,
    RowsRefused,
    Store,
    persons_lookup,
    persons_max,
    recent_sessions,
)

ALICE = "01970000-0000-7000-8000-00000000000a"
CHARLIE = "01970000-0000-7000-8000-00000000000c"
PLATFORM = PlatformScope()
JANUARY = 1767225600  # 2026-01-01T00:00:00Z
MONTH = 31 * 86400

texts = st.text(st.characters(codec="utf-8"))
shared_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def event(project: str = ALICE, /, **columns: object) -> dict[str, object]:
    return {"project_id": project, "id": "e", "name": "visit", "timestamp": JANUARY, "received_at": JANUARY, **columns}


def lines(*rows: dict[str, object]) -> bytes:
    return b"\n".join(msgspec.json.encode(row) for row in rows)


def ids(store: Store) -> list[str]:
    return sorted(row["id"] for row in store.read("SELECT id FROM events", {}, PLATFORM))


def test_a_row_comes_back_as_it_went_in(store: Store) -> None:
    row = event(timestamp=JANUARY + 0.123, session=2**32 - 1, value=12.5, properties={"plan": "pro", "n": 3})
    assert store.insert("events", lines(row)) == 1
    sql = "SELECT id, timestamp, session, value, properties FROM events"
    assert store.read(sql, {}, ProjectScope(ALICE)) == [
        {
            "id": "e",
            "timestamp": "2026-01-01T00:00:00.123Z",
            "session": 2**32 - 1,
            "value": 12.5,
            "properties": '{"plan":"pro","n":3}',
        }
    ]


@pytest.mark.parametrize("seconds", [-86400.5, 0.001, 951782400.999, 4070908799.12])
def test_a_time_keeps_its_milliseconds_however_old_or_far(store: Store, seconds: float) -> None:
    store.insert("events", lines(event(timestamp=seconds)))
    rows = store.read("SELECT toUnixTimestamp64Milli(timestamp) AS ms FROM events", {}, PLATFORM)
    assert rows == [{"ms": round(seconds * 1000)}]


def test_missing_keys_take_their_defaults(store: Store) -> None:
    store.insert("events", lines(event()))
    row = store.read("SELECT person, user_id, duration_ms, status_code, is_error FROM events", {}, PLATFORM)[0]
    assert row == {"person": 0, "user_id": "", "duration_ms": None, "status_code": 0, "is_error": 0}


@pytest.mark.parametrize(
    ("columns", "error"), [({"kind": "ERROR"}, 1), ({"status_code": 500}, 1), ({"status_code": 499}, 0)]
)
def test_an_error_is_an_event_of_that_kind_or_a_status_of_500_and_more(
    store: Store, columns: dict[str, object], error: int
) -> None:
    store.insert("events", lines(event(**columns)))
    assert store.read("SELECT is_error FROM events", {}, PLATFORM) == [{"is_error": error}]


@pytest.mark.parametrize(
    "bad",
    [
        b'{"unknown":1}',
        b'{"project_id":"no uuid"}',
        b'{"status_code":"text"}',
        b'{"status_code":',
        b"[]",
        b'{"id":"\xff"}}',
    ],
)
def test_a_batch_with_a_row_that_does_not_fit_is_refused_whole(store: Store, bad: bytes) -> None:
    with pytest.raises(RowsRefused):
        store.insert("events", lines(event()) + b"\n" + bad)
    assert ids(store) == []
    store.insert("events", lines(event(id="next")))
    assert ids(store) == ["next"]


def test_what_comes_again_is_stored_again(store: Store) -> None:
    """Whether something came before is asked by who inserts: an engine that guesses loses what it took for a double."""
    person = lines({"project_id": ALICE, "key": "k", "number": 1})
    for _ in range(2):
        store.insert("events", lines(event(id="a"), event(id="b")))
        store.insert("persons", person)
    assert ids(store) == ["a", "a", "b", "b"]
    assert len(store.read("SELECT key FROM persons", {}, PLATFORM)) == 2


def test_a_batch_may_be_of_many_months(store: Store) -> None:
    store.insert("events", lines(*(event(id=f"{month:03}", timestamp=JANUARY - month * MONTH) for month in range(150))))
    assert ids(store) == [f"{month:03}" for month in range(150)]


@shared_store
@given(text=texts, more=st.lists(texts, max_size=4))
def test_any_text_arrives_in_a_parameter_as_it_is(store: Store, text: str, more: list[str]) -> None:
    rows = store.read("SELECT {text:String} AS a, {more:Array(String)} AS b", {"text": text, "more": more}, PLATFORM)
    assert rows == [{"a": text, "b": more}]


@shared_store
@given(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.integers(0, 2**32 - 1)),
)
def test_any_number_arrives_in_a_parameter_as_it_is(store: Store, whole: int, broken: float, many: list[int]) -> None:
    sql = "SELECT {whole:Int64} AS a, {broken:Float64} AS b, {many:Array(UInt32)} AS c"
    rows = store.read(sql, {"whole": whole, "broken": broken, "many": many}, PLATFORM)
    assert rows == [{"a": whole, "b": pytest.approx(broken, rel=1e-14), "c": many}]


def test_a_moment_arrives_in_utc_whatever_zone_it_has(store: Store) -> None:
    moment = datetime(2026, 1, 15, 12, 0, 0, 7000, tzinfo=timezone(timedelta(hours=2)))
    rows = store.read("SELECT {at:DateTime64(3, 'UTC')} AS at", {"at": moment}, PLATFORM)
    assert rows == [{"at": "2026-01-15T10:00:00.007Z"}]


def test_not_a_number_and_infinity_are_null(store: Store) -> None:
    assert store.read("SELECT nan AS a, 1 / 0 AS b", {}, PLATFORM) == [{"a": None, "b": None}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() AS n FROM events",
        "SELECT count() AS n FROM events WHERE 1 OR project_id != generateUUIDv4()",
        "SELECT n FROM (SELECT count() AS n FROM events AS e)",
        "WITH every AS (SELECT id FROM events) SELECT count() AS n FROM every WHERE id IN (SELECT id FROM events)",
        "SELECT count() AS n FROM (SELECT id FROM events UNION ALL SELECT id FROM events WHERE 0)",
        "SELECT count() AS n FROM persons LEFT JOIN events ON 1 = 1",
        "SELECT (SELECT count() FROM events) AS n",
    ],
)
def test_a_read_that_forgets_the_project_still_sees_only_its_own(store: Store, sql: str) -> None:
    store.insert("persons", lines(*({"project_id": p, "key": "k", "number": 1} for p in (ALICE, CHARLIE))))
    store.insert("events", lines(event(ALICE), event(CHARLIE), event(CHARLIE)))
    assert store.read(sql, {}, ProjectScope(ALICE)) == [{"n": 1}]
    assert store.read(sql, {}, ProjectScope(CHARLIE)) == [{"n": 2}]
    assert store.read(sql, {}, ProjectScope(ALICE)) == [{"n": 1}]


def test_a_project_cannot_see_tables_that_belong_to_no_project(store: Store) -> None:
    assert store.read("SELECT * FROM schema_versions", {}, PLATFORM) != []
    assert store.read("SELECT * FROM schema_versions", {}, ProjectScope(ALICE)) == []


def test_an_unknown_project_sees_nothing_and_a_malformed_one_does_not_exist(store: Store) -> None:
    store.insert("events", lines(event(ALICE)))
    assert store.read("SELECT id FROM events", {}, ProjectScope(CHARLIE)) == []
    for malformed in ("", "x", f"{ALICE}' OR '1' = '1"):
        with pytest.raises(NotFound):
            store.read("SELECT id FROM events", {}, ProjectScope(malformed))


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO events (id) VALUES ('x')",
        "DROP TABLE events",
        "ALTER TABLE events DELETE WHERE 1",
        "SET readonly = 0",
        "SET additional_table_filters = {}",
        "SELECT id FROM events SETTINGS additional_table_filters = {}",
        "SELECT 1; DROP TABLE events",
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        "CREATE TEMPORARY TABLE t (a UInt8)",
    ],
)
def test_a_read_can_neither_write_nor_leave_its_scope_nor_the_store(store: Store, sql: str) -> None:
    store.insert("events", lines(event(CHARLIE)))
    with pytest.raises(AppError):
        store.read(sql, {}, ProjectScope(ALICE))
    assert ids(store) == ["e"]


def test_the_engines_words_go_to_the_log_and_not_to_the_caller(store: Store) -> None:
    with capture_logs() as logs, pytest.raises(AppError) as caught:
        store.read("SELECT no_such_column FROM events", {}, PLATFORM)
    assert caught.value.status == 500
    assert "no_such_column" not in str(caught.value)
    assert "no_such_column" in logs[0]["engine"]


@pytest.mark.parametrize(("budget", "error"), [({"seconds": 0.2}, Unavailable), ({"memory": 50_000_000}, TooLarge)])
def test_a_read_over_its_budget_ends_and_the_store_goes_on(
    open_store: Callable[..., Store], budget: dict[str, float], error: type[AppError]
) -> None:
    store = open_store(**budget)
    with pytest.raises(error, match="shorter range"):
        store.read("SELECT uniqExact(number) FROM numbers(30000000)", {}, PLATFORM)
    assert store.read("SELECT 1 AS one", {}, PLATFORM) == [{"one": 1}]


GROUPS = """SELECT sum(n) AS n, max(text) AS highest FROM (
    SELECT number % 1000000 AS key, count() AS n, max(toString(number)) AS text FROM numbers(2000000) GROUP BY key)"""


def test_more_groups_than_fit_into_a_reads_memory_are_counted_on_the_disk(open_store: Callable[..., Store]) -> None:
    store = open_store(memory=80_000_000)
    assert store.read(GROUPS, {}, PLATFORM) == [{"n": 2_000_000, "highest": "999999"}]


def test_a_read_that_needs_more_disk_than_it_may_use_ends(open_store: Callable[..., Store]) -> None:
    store = open_store(memory=80_000_000, disk=1_000_000)
    with pytest.raises(TooLarge, match="shorter range"):
        store.read(GROUPS, {}, PLATFORM)


def test_reads_run_side_by_side_and_an_insert_does_not_wait_for_them(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        started = monotonic()
        naps = [threads.submit(store.read, "SELECT sleep(1)", {}, PLATFORM) for _ in range(4)]
        store.insert("events", lines(event()))
        inserted = monotonic() - started
        for nap in naps:
            nap.result()
    assert inserted < 1
    assert monotonic() - started < 3


def test_a_command_takes_parameters_and_is_done_on_return(store: Store) -> None:
    store.insert("events", lines(event(id="a"), event(id="b")))
    store.command("DELETE FROM events WHERE id = {id:String}", {"id": "a"})
    assert ids(store) == ["b"]


DAYS = (
    "SELECT sum(n) AS events, sum(e) AS errors, groupBitmapIfMerge(p) AS persons,"
    " groupBitmapIfMerge(s) AS sessions FROM"
    " (SELECT count() AS n, sum(is_error) AS e, groupBitmapIfState(person, person != 0) AS p,"
    " groupBitmapIfState(session, session != 0) AS s FROM events"
    " WHERE project_id = {project:UUID} AND toDate(timestamp) >= {since:Date} AND toDate(timestamp) < {until:Date}"
    " GROUP BY toDate(timestamp))"
)
QUARTERS = (
    "SELECT toStartOfHour(toStartOfFifteenMinutes(timestamp)) AS hour, count() AS events FROM events"
    " WHERE project_id = {project:UUID} AND toStartOfFifteenMinutes(timestamp) < {until:DateTime('UTC')}"
    " AND name IN {names:Array(String)} GROUP BY hour ORDER BY hour"
)


@pytest.mark.parametrize("merged", [0, 1, 2, 3])
def test_kept_days_and_quarters_agree_with_the_rows_whichever_parts_are_merged(store: Store, merged: int) -> None:
    for batch in range(3):
        if batch == merged:
            store.command("OPTIMIZE TABLE events FINAL")
        store.insert("events", lines(*(kept_event(batch * 40 + n) for n in range(40)), event(CHARLIE, person=99)))
    if merged == 3:
        store.command("OPTIMIZE TABLE events FINAL")
    store.command("DELETE FROM events WHERE id = '7'")
    expected = [n for n in range(120) if n != 7]
    days = {"project": ALICE, "since": "2026-01-01", "until": "2026-01-03"}
    inside = [n for n in expected if n // 24 < 2]
    totals = {
        "events": len(inside),
        "errors": sum(n % 5 == 0 for n in inside),
        "persons": len({n % 7 for n in inside} - {0}),
        "sessions": len({n % 11 for n in inside} - {0}),
    }
    assert store.read(DAYS, days, ProjectScope(ALICE)) == [totals]
    quarters = {"project": ALICE, "until": "2026-01-01 05:00:00", "names": ["a", "b"]}
    hours = [{"hour": f"2026-01-01T{n:02}:00:00Z", "events": 1} for n in range(5) if n % 3 < 2]
    assert store.read(QUARTERS, quarters, ProjectScope(ALICE)) == hours


def kept_event(n: int) -> dict[str, object]:
    kind = "ERROR" if n % 5 == 0 else "LOG"
    at = JANUARY + n * 3600 + n * 7
    return event(id=str(n), kind=kind, name="abc"[n % 3], person=n % 7, session=n % 11, timestamp=at)


@pytest.mark.parametrize(("sql", "kept"), [(DAYS, "by_day"), (QUARTERS, "by_quarter")])
def test_merged_parts_answer_from_what_is_kept(store: Store, sql: str, kept: str) -> None:
    store.insert("events", lines(*(kept_event(n) for n in range(40))))
    store.insert("events", lines(*(kept_event(n) for n in range(40, 80))))
    store.command("OPTIMIZE TABLE events FINAL")
    params = {"project": ALICE, "since": "2026-01-01", "until": "2026-01-03", "names": ["a"]}
    plan = store.read(f"EXPLAIN {sql}", params, ProjectScope(ALICE))
    assert any(f"({kept})" in row["explain"] for row in plan)


def test_a_closed_store_is_unavailable(store: Store) -> None:
    store.close()
    for use in (lambda: ids(store), lambda: store.insert("events", lines(event())), lambda: store.command("SELECT 1")):
        with pytest.raises(Unavailable):
            use()


def test_persons_are_found_by_their_keys_in_their_own_project(store: Store) -> None:
    numbered = [(ALICE, "ann", 1), (ALICE, "o'é\n", 2), (CHARLIE, "ann", 9)]
    store.insert("persons", lines(*({"project_id": p, "key": k, "number": n} for p, k, n in numbered)))
    assert persons_lookup(store, ALICE, ["ann", "o'é\n", "nobody"]) == {"ann": 1, "o'é\n": 2}
    assert persons_lookup(store, ALICE, []) == {}
    assert [persons_max(store, project) for project in (ALICE, CHARLIE)] == [2, 9]
    assert persons_max(store, "01970000-0000-7000-8000-00000000000d") == 0


def test_recent_sessions_tell_first_and_last_event_within_the_range(store: Store) -> None:
    seen = [(1, 7, 0), (1, 7, 60), (1, 8, 9000), (2, 5, 30), (3, 6, 30), (1, 0, 40), (1, 4, 20000)]
    store.insert("events", lines(*(event(person=p, session=s, timestamp=JANUARY + at) for p, s, at in seen)))
    start, end = (datetime.fromtimestamp(JANUARY + at, UTC) for at in (0, 20000))
    assert recent_sessions(store, ALICE, [1, 2], start, end) == [
        (1, 7, JANUARY * 1000, (JANUARY + 60) * 1000),
        (1, 8, (JANUARY + 9000) * 1000, (JANUARY + 9000) * 1000),
        (2, 5, (JANUARY + 30) * 1000, (JANUARY + 30) * 1000),
    ]
    assert recent_sessions(store, CHARLIE, [1, 2], start, end) == []
    assert recent_sessions(store, ALICE, [], start, end) == []
