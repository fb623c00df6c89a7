"""Every number of the API's pages against its definition in plain Python, on random calls in a real store."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insights import api_oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked, within
from tests.insights.reading import NOON, Happened, Reader, millis, put
from tests.insights.test_against_oracle import MOMENTS, ZONES, range_of

from pulseboard.insights import Used
from pulseboard.insights.api import calls as measuring
from pulseboard.kit.ids import new_id

DAY = 86_400_000
DURATIONS = (0, 0.25, 1, 99.9, 100, 100.1, 400, 400.5, 500, 2_000, 1e9)


@st.composite
def traffic(draw: st.DrawFn) -> tuple[list[Happened], Asked]:
    """Some calls around a moment and a range near it; many of them meet at one instant, and some are doubles."""
    middle = draw(st.sampled_from(MOMENTS))
    reach = draw(st.sampled_from([600_000, 2 * DAY, 20 * DAY]))
    times = [middle, *(middle + at for at in draw(st.lists(st.integers(-reach, reach), min_size=1, max_size=5)))]
    events = draw(st.lists(called(times), max_size=30))
    since, until = sorted(draw(st.sampled_from([*times, middle - reach, middle + reach])) for _ in range(2))
    again = [replace(event, id=new_id()) for event in events[: draw(st.integers(0, 3))]]
    return events + again, Asked(since, max(until, since + 1), draw(st.sampled_from(ZONES)))


def called(times: list[int]) -> st.SearchStrategy[Happened]:
    properties = st.fixed_dictionaries(
        {},
        optional={
            "method": st.sampled_from(["GET", "POST"]),
            "route": st.sampled_from(["/users/:id", "/ünï", "it's"]),
            "statusCode": st.sampled_from([200, 204, 301, 400, 404, 499, 500, 503, 599]),
            "durationMs": st.sampled_from(DURATIONS),
        },
    )
    return st.builds(
        Happened,
        at=st.sampled_from(times),
        type=st.sampled_from(["REQUEST", "request", "REQUEST", "CUSTOM"]),
        person=st.integers(0, 3),
        properties=properties,
        id=st.builds(new_id),
    )


def ask(reader: Reader, project: str, path: str, asked: Asked, **params: object) -> dict[str, Any]:
    answer = reader.get(f"/api-usage/{path}", project, **range_of(asked), **params)
    answer.pop("meta")
    return answer


def near(found: object) -> object:
    """Floats as a person would compare them."""
    match found:
        case dict():
            return {key: near(value) for key, value in found.items()}
        case list():
            return [near(value) for value in found]
        case bool():
            return found
        case int() | float():
            return float(f"{found:.9g}")
        case _:
            return found


@CHECKED
@given(traffic(), st.sampled_from([0.1, 100.0, 500.0]))
def test_the_overview_follows_the_definitions(
    reader: Reader, world: tuple[list[Happened], Asked], threshold: float
) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    reader.used = Used(7, 1_000, datetime(2026, 4, 1, tzinfo=UTC))
    answer = ask(reader, project, "overview", asked, threshold=str(threshold))
    assert answer.pop("usage") == {"used": 7, "limit": 1_000, "resetsAt": "2026-04-01T00:00:00.000Z"}
    assert answer.pop("percentilesExact") is True
    mine = [event for event in within(events, asked) if api_oracle.is_call(event)]
    assert near(answer) == near(api_oracle.measured(mine, threshold))


FILTERS: dict[str, tuple[list[object], Callable[[Happened], bool]]] = {
    "none": ([], lambda call: True),
    "no endpoint": ([{"property": "endpoint", "operator": "not_set"}], lambda call: "route" not in call.properties),
    "no method": ([{"property": "method", "operator": "not_set"}], lambda call: "method" not in call.properties),
    "a word of ours": ([{"property": "endpoint", "operator": "is", "value": "(not set)"}], lambda call: False),
    "one endpoint": (
        [{"property": "endpoint", "operator": "is", "value": "it's"}],
        lambda call: call.properties.get("route") == "it's",
    ),
}


@CHECKED
@given(
    traffic(),
    st.sampled_from(["calls", "slowest", "failing", "apdex"]),
    st.sampled_from([1, 3, 50]),
    st.sampled_from(list(FILTERS)),
)
def test_endpoints_and_consumers_add_up_and_come_in_their_order(
    reader: Reader, world: tuple[list[Happened], Asked], sort: str, limit: int, kept: str
) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    filters, keeps = FILTERS[kept]
    mine = [event for event in within(events, asked) if api_oracle.is_call(event) and keeps(event)]
    for path, names in (("endpoints", api_oracle.endpoint_of), ("consumers", api_oracle.consumer_of)):
        items = ask(reader, project, path, asked, sort=sort, limit=limit, filters=filters)["items"]
        expected = api_oracle.grouped(mine, 500, sort, names)
        assert near(items) == near(expected[:limit])
        assert sum(item["calls"] for item in items) == len(mine) or limit < len(expected)


@CHECKED
@given(traffic(), st.sampled_from(["hour", "day", "week", "month"]))
def test_courses_statuses_and_the_heat_map_add_up_to_the_whole(
    reader: Reader, world: tuple[list[Happened], Asked], interval: str
) -> None:
    events, asked = world
    interval = "day" if asked.until - asked.since > 10 * DAY and interval == "hour" else interval
    project = new_id()
    put(reader.store, project, events)
    mine = [event for event in within(events, asked) if api_oracle.is_call(event)]
    buckets = api_oracle.series(mine, asked, interval)
    points = ask(reader, project, "timeseries", asked, interval=interval)["points"]
    times = [millis(datetime.fromisoformat(point.pop("t"))) for point in points]
    assert times == [start for start, _ in buckets]
    assert near(points) == near([api_oracle.measured(calls, 500) for _, calls in buckets])
    assert sum(point["calls"] for point in points) == len(mine)
    heat = ask(reader, project, "heatmap", asked, interval=interval)
    assert [row["counts"] for row in heat["rows"]] == [api_oracle.heat(calls, heat["edges"]) for _, calls in buckets]
    found = ask(reader, project, "statuses", asked, interval=interval)
    classes = {line["label"]: [point["value"] for point in line["points"]] for line in found["series"]}
    assert classes == {
        label: [sum(class_of(call) == label for call in calls) for _, calls in buckets]
        for label in {class_of(call) for call in mine}
    }
    codes = Counter(api_oracle.status(call) or None for call in mine)
    assert {item["statusCode"]: item["calls"] for item in found["items"]} == codes


def class_of(call: Happened) -> str:
    return f"{api_oracle.status(call) // 100}xx" if api_oracle.status(call) else "(not set)"


@CHECKED
@given(traffic(), st.sampled_from(["calls", "slowest", "failing", "apdex"]), st.integers(1, 12))
def test_too_many_for_one_read_are_as_exact_in_parts(
    reader: Reader, world: tuple[list[Happened], Asked], sort: str, most: int
) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    questions = {"endpoints": {"sort": sort}, "timeseries": {"interval": "month"}}
    whole = {path: ask(reader, project, path, asked, **params) for path, params in questions.items()}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measuring, "MANY", most)
        for path, params in questions.items():
            found = ask(reader, project, path, asked, **params)
            groups = whole[path]["items" if path == "endpoints" else "points"]
            assert found["percentilesExact"] == (max((group["calls"] for group in groups), default=0) <= most)
            assert found == whole[path] or not found["percentilesExact"]


@pytest.mark.parametrize("most", [3, 4, 29])
def test_no_part_is_left_out(reader: Reader, project: str, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    routes = [(f"/r{route}", duration) for route in range(10) for duration in (1, 5 + route, 50)]
    put(
        reader.store,
        project,
        [
            Happened(millis(NOON) - 1, type="REQUEST", properties={"route": route, "durationMs": duration})
            for route, duration in routes
        ],
    )
    whole = reader.get("/api-usage/endpoints", project, sort="slowest")
    assert [item["calls"] for item in whole["items"]] == [3] * 10
    monkeypatch.setattr(measuring, "MANY", most)
    assert reader.get("/api-usage/endpoints", project, sort="slowest")["items"] == whole["items"]


def test_what_is_not_exact_says_so(reader: Reader, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(
        reader.store,
        project,
        [Happened(millis(NOON) - i, type="REQUEST", properties={"durationMs": i}) for i in range(1, 10)],
    )
    monkeypatch.setattr(measuring, "MANY", 8)
    assert reader.get("/api-usage/overview", project)["percentilesExact"] is False
    monkeypatch.setattr(measuring, "MANY", 9)
    assert reader.get("/api-usage/overview", project)["percentilesExact"] is True


@pytest.mark.parametrize(
    ("path", "param", "value"),
    [
        ("endpoints", "sort", "name"),
        ("endpoints", "limit", 0),
        ("consumers", "sort", ""),
        ("timeseries", "interval", "year"),
        ("overview", "threshold", 0),
        ("overview", "threshold", "nan"),
        ("overview", "threshold", "inf"),
        ("overview", "threshold", "quick"),
        ("heatmap", "interval", "fortnight"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(
    reader: Reader, project: str, path: str, param: str, value: object
) -> None:
    assert reader.refused(f"/api-usage/{path}", project, **{param: value}) == [param]
