"""Lists of errors are what a plain look at every event gives: counts, lives, releases, courses, and what came back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked
from tests.insights.reading import NOON, Happened, millis, put
from tests.issues import oracle
from tests.issues.oracle import Decided

from pulseboard.db import Database
from pulseboard.insights import Frame, MetaOut, Period, moment
from pulseboard.issues import queries, read
from pulseboard.issues.read import Wanted
from pulseboard.store import ProjectScope, Store

NOW = millis(NOON)
HOUR = 3_600_000
RANGE = Asked(NOW - 48 * HOUR, NOW)
META = MetaOut("", 0, 0, 0)

moments = st.integers(-90, 0).map(lambda hours: NOW + hours * HOUR) | st.integers(NOW - 50 * HOUR, NOW)
releases = st.sampled_from(["", "1.2", "1.10", "2.0", "abc", "def"])


def happened(at: int, name: str, type: str, person: int, properties: dict[str, Any]) -> Happened:
    return Happened(at, name, type, person, properties=properties)


events = st.builds(
    happened,
    at=moments,
    name=st.sampled_from(["checkout", "login"]),
    type=st.sampled_from(["ERROR", "error", "REQUEST", "CUSTOM"]),
    person=st.integers(0, 3),
    properties=st.fixed_dictionaries(
        {"fingerprint": st.sampled_from(["cart: empty", "b", "c", "d"]), "statusCode": st.sampled_from([200, 500])},
        optional={"release": releases.filter(bool), "message": st.sampled_from(["x", "y"])},
    ),
)
decisions = st.dictionaries(
    st.sampled_from(["cart: empty", "b", "c"]),
    st.builds(Decided, st.sampled_from(["resolved", "resolved", "ignored", "open"]), moments, releases),
)


def in_millis(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def at(text: str) -> int:
        from datetime import datetime

        return millis(datetime.fromisoformat(text))

    for item in items:
        item.pop("environment")
        item["trend"] = [(at(point["t"]), point["value"]) for point in item["trend"]]
        item |= {name: at(item[name]) for name in ("firstSeenAt", "lastSeenAt")}
    return items


def decide(db: Database, project: str, decided: dict[str, Decided]) -> None:
    with db.write() as session:
        for name, each in decided.items():
            queries.put_state(session, project, name, each.status, each.release, None, moment(each.at))


def pages(store: Store, db: Database, frame: Frame, status: Any, size: int) -> list[dict[str, Any]]:  # noqa: ANN401
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = read.error_list(store, db, frame, Wanted("last_seen", status, size, after), META)
        found += msgspec.to_builtins(page)["items"]
        if page.next_cursor is None:
            assert page.total == len(found)
            return found
        after = read.read_cursor(page.next_cursor)


@CHECKED
@given(st.lists(events, max_size=25), decisions)
def test_a_list_of_errors_is_the_plain_one(
    store: Store, db: Database, new_project: Callable[[], str], some: list[Happened], decided: dict[str, Decided]
) -> None:
    project = new_project()
    put(store, project, some)
    decide(db, project, decided)
    frame = Frame(ProjectScope(project), Period(moment(RANGE.since), moment(RANGE.until)), "UTC")
    expected = oracle.listed(some, RANGE, decided, "hour")
    assert in_millis(pages(store, db, frame, None, 50)) == expected
    assert in_millis(pages(store, db, frame, None, 1)) == expected
    for status in ("regressed", "resolved"):
        kept = [item for item in expected if item["status"] == status]
        assert in_millis(pages(store, db, frame, status, 2)) == kept


def test_a_month_of_errors_is_cut_into_days(store: Store, db: Database, new_project: Callable[[], str]) -> None:
    project = new_project()
    put(store, project, [Happened(NOW - day * 24 * HOUR - 1, "TypeError", "ERROR") for day in range(3)])
    frame = Frame(ProjectScope(project), Period(NOON - timedelta(days=30), NOON), "Europe/Berlin")
    listed = read.error_list(store, db, frame, Wanted("count", None, 50, None), META)
    (item,) = listed.items
    assert (listed.interval, sum(point.value for point in item.trend), item.count, len(item.trend)) == ("day", 3, 3, 31)
