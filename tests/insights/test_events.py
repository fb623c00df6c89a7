"""The list of stored events: newest first, page by page."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insights.reading import NOON, Happened, Reader, millis, put

from pulseboard.kit.ids import new_id

NOW = millis(NOON)
DAY = 86_400_000
ANY = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ids(reader: Reader, project: str, **params: object) -> list[str]:
    return [event["id"] for event in reader.get("/events", project, **params)["items"]]


@ANY
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, -1, -DAY, DAY, -400 * DAY]), st.sampled_from(["a", "b.c", "é", "z"])),
        unique=True,
    ),
    st.integers(1, 4),
)
def test_pages_show_every_event_once_newest_first(reader: Reader, made: list[tuple[int, str]], limit: int) -> None:
    project = new_id()
    put(reader.store, project, [Happened(NOW + at, id=f"{name}{at}") for at, name in made])
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = reader.get("/events", project, limit=limit, **cursor)
        assert len(page["items"]) <= limit
        seen += [event["id"] for event in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    ordered = sorted(((at, f"{name}{at}".encode()) for at, name in made), reverse=True)
    assert seen == [name.decode() for _, name in ordered]


def test_events_that_come_between_two_pages_move_nothing(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW - i, id=str(i)) for i in range(4)])
    page = reader.get("/events", project, limit=2)
    put(reader.store, project, [Happened(NOW + 5, id="new")])
    assert ids(reader, project, cursor=page["nextCursor"]) == ["2", "3"]


def test_an_event_is_shown_with_all_that_it_brought(reader: Reader, project: str) -> None:
    sent = {"path": "/a", "statusCode": 503, "amount": "12.5", "message": "no\n\\way", "deep": {"x.y": [1, None, {}]}}
    put(reader.store, project, [Happened(NOW - 1, "checkout", "error", 7, 3, properties=sent, id="order-77")])
    (event,) = reader.get("/events", project)["items"]
    assert event == {
        "id": "order-77",
        "type": "error",
        "name": "checkout",
        "timestamp": "2026-03-10T11:59:59.999Z",
        "receivedAt": "2026-03-10T12:00:00.000Z",
        "userId": "user-7",
        "anonymousId": "",
        "sessionId": "",
        "url": "",
        "path": "/a",
        "method": "",
        "endpoint": "",
        "statusCode": 503,
        "durationMs": None,
        "message": "no\n\\way",
        "value": 12.5,
        "currency": "",
        "properties": sent,
    }


def test_the_list_is_of_all_times_unless_a_range_is_asked_for(reader: Reader, project: str) -> None:
    days = {"ahead": 1, "today": 0, "old": -60, "older": -20_000}
    put(reader.store, project, [Happened(NOW - 1 + day * DAY, id=name) for name, day in days.items()])
    assert ids(reader, project) == ["ahead", "today", "old", "older"]
    assert ids(reader, project, range="90d") == ["today", "old"]
    assert ids(reader, project, from_=NOON - timedelta(hours=1)) == ["today"]
    assert ids(reader, project, from_=NOON, to=NOON + timedelta(days=2)) == ["ahead"]


def test_the_list_takes_names_types_and_filters(reader: Reader, project: str) -> None:
    put(
        reader.store,
        project,
        [
            Happened(NOW - 1, "a", "error", properties={"plan": "pro"}, id="1"),
            Happened(NOW - 2, "a", "ERROR", id="2"),
            Happened(NOW - 3, "b", "ERROR", id="3"),
            Happened(NOW - 4, "a", id="4"),
        ],
    )
    assert ids(reader, project, type="Error") == ["1", "2", "3"]
    assert ids(reader, project, type="error", name="a") == ["1", "2"]
    assert ids(reader, project, name="a", filters=[{"property": "plan", "operator": "not_set"}]) == ["2", "4"]
