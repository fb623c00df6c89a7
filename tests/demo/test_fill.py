"""A demo project behaves like one that real events filled."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from pulseboard.demo import Demo, fill
from pulseboard.errors import Conflict, Invalid
from pulseboard.kit.clock import system_clock
from pulseboard.kit.ids import new_id
from pulseboard.store import ProjectScope, Row, Store, persons_max
from pulseboard.store.chdb import open_chdb

NOW = datetime(2026, 3, 10, 12, 34, 56, tzinfo=UTC)
EVENTS = 20_000
SILENCE = 30 * 60  # seconds


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("store"), system_clock)
    yield store
    store.close()


@pytest.fixture(scope="module")
def project() -> str:
    return new_id()


@pytest.fixture(scope="module")
def demo(store: Store, project: str) -> Demo:
    return fill(store, project, EVENTS, seed=1, clock=lambda: NOW)


def _read(store: Store, project: str, select: str, rest: str = "") -> list[Row]:
    sql = f"SELECT {select} FROM events WHERE project_id = {{p:UUID}} {rest}"
    return store.read(sql, {"p": project}, ProjectScope(project))


def test_there_are_as_many_events_as_asked_for_each_with_an_id_of_its_own(
    store: Store, project: str, demo: Demo
) -> None:
    assert _read(store, project, "count() AS n, uniqExact(id) AS ids") == [{"n": EVENTS, "ids": EVENTS}]


def test_all_of_them_lie_in_the_thirty_days_before_the_last_full_hour(store: Store, project: str, demo: Demo) -> None:
    assert (demo.end, (demo.end - demo.start).days) == (NOW.replace(minute=0, second=0), 30)
    moments = "toUnixTimestamp(min(timestamp)) AS first, toUnixTimestamp(max(timestamp)) AS last"
    row = _read(store, project, moments)[0]
    assert demo.start.timestamp() <= row["first"] < row["last"] < demo.end.timestamp()
    assert _read(store, project, "uniqExact(toDate(timestamp)) AS days") == [{"days": 31}]


def test_every_kind_of_thing_happens(store: Store, project: str, demo: Demo) -> None:
    counts = {row["name"]: row["n"] for row in _read(store, project, "name, count() AS n", "GROUP BY name")}
    assert counts["PAGE_VIEW"] > counts["REQUEST"] > EVENTS / 4
    assert counts["sign_up"] > 20 and counts["purchase"] > 10 and counts["TypeError"] > 0
    money = _read(store, project, "countIf(value > 0) AS n, groupUniqArray(currency) AS c", "AND name = 'purchase'")
    assert money == [{"n": counts["purchase"], "c": ["EUR"]}]
    assert _read(store, project, "count() AS n", "AND type = 'REQUEST' AND duration_ms > 0 AND status_code > 0") == [
        {"n": counts["REQUEST"]}
    ]


def test_the_incident_shows_in_errors_and_in_latency(store: Store, project: str, demo: Demo) -> None:
    during = f"toUnixTimestamp(timestamp) - {int(demo.incident.timestamp())} BETWEEN 0 AND 7199"
    columns = f"{during} AS incident, avg(is_error) AS errors, quantile(0.9)(duration_ms) AS slow"
    calm, trouble = _read(store, project, columns, "AND service != '' GROUP BY incident ORDER BY incident")
    assert trouble["errors"] > 10 * calm["errors"]
    assert trouble["slow"] > 2 * calm["slow"]


def test_sessions_are_what_thirty_minutes_of_silence_make(store: Store, project: str, demo: Demo) -> None:
    rows = _read(store, project, "person, session, toUnixTimestamp64Milli(timestamp) AS at", "AND service = ''")
    visits: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        visits[row["person"]].append((row["at"], row["session"]))
    for person, events in visits.items():
        ordered = sorted(events)
        for (before, session), (at, given) in pairwise(ordered):
            assert (given == session) == (at - before <= SILENCE * 1000), person
    owner = {row["session"]: row["person"] for row in rows}
    assert all(owner[row["session"]] == row["person"] for row in rows)


def test_persons_are_written_down_under_the_names_that_their_events_have(
    store: Store, project: str, demo: Demo
) -> None:
    key = "DISTINCT person AS number, if(user_id != '', 'u:' || user_id, 'a:' || anonymous_id) AS key"
    seen = {(row["number"], row["key"]) for row in _read(store, project, key)}
    rows = store.read(
        "SELECT number, key FROM persons WHERE project_id = {p:UUID}", {"p": project}, ProjectScope(project)
    )
    assert {(row["number"], row["key"]) for row in rows} == seen
    assert len(rows) == len({number for number, _ in seen}) == len({key for _, key in seen}) > 500
    assert persons_max(store, project) == max(number for number, _ in seen) < 4 * len(rows)


def test_the_same_seed_and_hour_give_the_same_events_and_another_seed_gives_others(
    store: Store, project: str, demo: Demo
) -> None:
    numbers = "ifNull(duration_ms, -1), ifNull(value, -1)"
    columns = f"sum(sipHash64(id, timestamp, name, person, session, path, country, {numbers})) AS digest"
    digests = []
    for seed in (1, 2):
        other = new_id()
        fill(store, other, EVENTS, seed, clock=lambda: NOW.replace(minute=59))
        digests.append(_read(store, other, columns))
    ours = _read(store, project, columns)
    assert digests[0] == ours
    assert digests[1] != ours


def test_a_project_that_has_events_is_left_alone(store: Store, project: str, demo: Demo) -> None:
    with pytest.raises(Conflict):
        fill(store, project, EVENTS, seed=1, clock=lambda: NOW)
    assert _read(store, project, "count() AS n") == [{"n": EVENTS}]


@pytest.mark.parametrize("events", [-1, 0, 999, 100_000_001])
def test_a_size_that_makes_no_month_is_refused(store: Store, events: int) -> None:
    with pytest.raises(Invalid, match="events"):
        fill(store, new_id(), events, seed=1, clock=lambda: NOW)


def test_the_smallest_demo_works_too(store: Store) -> None:
    small = new_id()
    fill(store, small, 1_000, seed=5, clock=lambda: NOW)
    assert _read(store, small, "count() AS n") == [{"n": 1_000}]
