"""Every number against the contract's definitions in plain Python, on random events in a real store."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.insights import oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked
from tests.insights.reading import Happened, Reader, millis, put

from pulseboard.kit.ids import new_id

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin", "America/Sao_Paulo")
# Around these the clocks change somewhere: spring and autumn on both halves, and the years' ends.
MOMENTS = tuple(
    millis(datetime(*day, tzinfo=UTC))
    for day in (
        (2026, 3, 8, 7),
        (2026, 11, 1, 6),
        (2026, 3, 29, 1),
        (2026, 4, 4, 15),
        (2026, 10, 3, 15),
        (2025, 12, 31, 23),
    )
)
NAMES = (
    "visit",
    "signup",
    "it's; DROP TABLE events --",
    "Ünïcode ✓",
    'a\\b"c\n',
    "Other",
    "(not set)",
    "x",
    "y",
    "z",
    "v",
    "w",
)
TYPES = ("CUSTOM", "ERROR", "error", "Request", "purchase", "Purchase")
KEYS = ("plan", "a.b", "it's", 'quote"d', "back\\slash", "spa ce", "ключ", "`tick`", "{p:String}", "$.x")
VALUES = st.sampled_from(
    ["free", "pro", "", "12", 12, 12.5, -3, 1e300, True, False, None, "true", "null", "ü", "a'b\\", 0]
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Happened], Asked]:
    """Some events around a moment and a range near them, whose ends like to fall on events and on round times."""
    middle = draw(st.sampled_from(MOMENTS))
    reach = draw(st.sampled_from([2 * HOUR, 3 * DAY, 70 * DAY]))
    times = draw(st.lists(st.integers(-reach, reach), min_size=1, max_size=8))
    round_times = [middle, middle - middle % DAY, middle - middle % DAY + DAY, middle - middle % HOUR]
    events = draw(st.lists(happened([middle + time for time in times] + round_times), max_size=40))
    ends = st.sampled_from([*round_times, *(middle + time for time in times)]) | st.integers(
        middle - reach, middle + reach
    )
    since, until = sorted((draw(ends), draw(ends)))
    return events, Asked(since, until if until > since else since + 1, draw(st.sampled_from(ZONES)))


def happened(times: list[int]) -> st.SearchStrategy[Happened]:
    return st.builds(
        Happened,
        at=st.sampled_from(times).flatmap(lambda time: st.sampled_from([time, time - 1, time + 1, time + MINUTE])),
        name=st.sampled_from(NAMES),
        type=st.sampled_from(TYPES),
        person=st.integers(0, 5),
        session=st.sampled_from([0, 1, 2, 3, 2**32 - 1]),
        properties=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3)
        | st.fixed_dictionaries({"statusCode": st.sampled_from([200, 404, 499, 500, 503])}),
        id=st.builds(new_id),
    )


def range_of(asked: Asked) -> dict[str, str]:
    return {"from_": _iso(asked.since), "to": _iso(asked.until), "timezone": asked.zone}


def _iso(at: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds")


def in_millis(points: list[dict[str, Any]], value: str = "value") -> list[tuple[int, int]]:
    return [(millis(datetime.fromisoformat(point["t"])), point[value]) for point in points]


@CHECKED
@given(worlds())
def test_overview_counts_what_the_definitions_count(reader: Reader, world: tuple[list[Happened], Asked]) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    answer = reader.get("/metrics/overview", project, **range_of(asked))
    answer.pop("meta")
    assert answer == oracle.overview(events, asked)


@CHECKED
@given(worlds(), st.sampled_from(["minute", "hour", "day", "week", "month"]))
def test_a_series_has_every_bucket_of_the_zone_and_adds_up(
    reader: Reader, world: tuple[list[Happened], Asked], interval: str
) -> None:
    events, asked = world
    interval = coarse(asked, interval)
    project = new_id()
    put(reader.store, project, events)
    answer = reader.get("/metrics/events/timeseries", project, interval=interval, **range_of(asked))
    (line,) = answer["series"]
    assert in_millis(line["points"]) == oracle.series(events, asked, interval)
    assert line["total"] == sum(point["value"] for point in line["points"])
    assert line["total"] == reader.get("/metrics/overview", project, **range_of(asked))["totalEvents"]


BREAKDOWNS = st.sampled_from(["name", "type", "statusCode", "userId", *KEYS])


@CHECKED
@given(worlds(), BREAKDOWNS, st.sampled_from(["hour", "day", "week", "month"]))
def test_a_breakdown_has_the_most_frequent_values_the_rest_and_no_event_twice(
    reader: Reader, world: tuple[list[Happened], Asked], key: str, interval: str
) -> None:
    events, asked = world
    interval = coarse(asked, interval)
    project = new_id()
    put(reader.store, project, events)
    answer = reader.get("/metrics/events/timeseries", project, interval=interval, breakdown=key, **range_of(asked))
    found = [{**line, "points": in_millis(line["points"])} for line in answer["series"]]
    assert found == oracle.broken_down(events, asked, interval, key)
    assert sum(line["total"] for line in found) == len(oracle.within(events, asked))


TEXT_FILTERS = st.builds(
    dict,
    property=st.sampled_from(["name", "type", "userId", *KEYS]),
    operator=st.sampled_from(["contains", "starts_with"]),
    value=st.sampled_from(["", "vis", "user-1", "t", "1", "a'b\\", "ü", "%", "_", "CUSTOM", "rror"]),
)
NUMBER_FILTERS = st.builds(
    dict,
    property=st.sampled_from(["statusCode", *KEYS]),
    operator=st.sampled_from(["greater", "less"]),
    value=st.sampled_from([0, 12, 12.4, 499, 500, -3, 1e299]),
)
ONE = st.sampled_from(
    [
        *NAMES[:4],
        "ERROR",
        "error",
        "purchase",
        "user-2",
        "free",
        "12",
        12,
        12.5,
        500,
        True,
        "true",
        "",
        "nobody has this",
    ]
)
VALUE_FILTERS = st.builds(
    dict,
    property=st.sampled_from(["name", "type", "userId", "statusCode", *KEYS]),
    operator=st.sampled_from(["is", "is_not"]),
    value=ONE | st.lists(ONE, min_size=1, max_size=3),
)
SET_FILTERS = st.builds(
    dict, property=st.sampled_from(["userId", "statusCode", *KEYS]), operator=st.sampled_from(["set", "not_set"])
)


@CHECKED
@given(worlds(), st.lists(TEXT_FILTERS | NUMBER_FILTERS | VALUE_FILTERS | SET_FILTERS, min_size=1, max_size=2))
def test_filters_keep_what_they_say(
    reader: Reader, world: tuple[list[Happened], Asked], filters: list[dict[str, Any]]
) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    answer = reader.get("/metrics/overview", project, filters=filters, **range_of(asked))
    answer.pop("meta")
    kept = [event for event in events if all(oracle.passes(event, each) for each in filters)]
    assert answer == oracle.overview(kept, asked)


@CHECKED
@given(worlds(), st.sampled_from(TYPES), st.sampled_from(NAMES))
def test_counts_by_name_and_type_agree_with_each_other(
    reader: Reader, world: tuple[list[Happened], Asked], type_: str, name: str
) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    inside = oracle.within(events, asked)
    typed = [event for event in inside if oracle.passes(event, {"property": "type", "operator": "is", "value": type_})]
    named = [event for event in inside if event.name == name]
    ranged = range_of(asked)
    by_type = reader.get("/analytics/events/by-type", project, **ranged)["items"]
    assert {item["type"]: item["count"] for item in by_type} == oracle.counted(inside, oracle.kind)
    assert reader.get("/analytics/events/count", project, type=type_, **ranged)["count"] == len(typed)
    both = reader.get("/analytics/events/count", project, type=type_, name=name, **ranged)["count"]
    assert both == len([event for event in typed if event.name == name])
    timeline = reader.get("/analytics/events/timeline", project, name=name, interval="week", **ranged)
    assert in_millis(timeline["points"], "count") == oracle.series(named, asked, "week")
    metric = reader.get("/metrics", project, event=name, **ranged, interval=coarse(asked, "hour"))
    assert (metric["total"], metric["uniqueUsers"]) == (len(named), oracle.totals(named)["uniqueUsers"])
    assert in_millis(metric["points"]) == oracle.series(named, asked, metric["interval"])


@CHECKED
@given(worlds())
def test_top_errors_and_the_summary_follow_the_definitions(reader: Reader, world: tuple[list[Happened], Asked]) -> None:
    events, asked = world
    project = new_id()
    put(reader.store, project, events)
    items = reader.get("/metrics/errors/top", project, **range_of(asked))["items"]
    assert [{**item, **first_and_last(item)} for item in items] == oracle.top_errors(oracle.within(events, asked))
    summary = reader.get("/dashboard/summary", project, **range_of(asked))
    assert summary["totals"] == oracle.totals(oracle.within(events, asked))
    actives = {key: oracle.active_users(events, asked, days) for key, days in (("dau", 1), ("wau", 7), ("mau", 30))}
    assert {key: summary[key] for key in actives} == actives
    assert summary["topEvents"] == oracle.top_events(oracle.within(events, asked))


def coarse(asked: Asked, interval: str) -> str:
    """The interval, or a day where there would be too many buckets for the slow oracle."""
    length = (asked.until - asked.since) / {"minute": MINUTE, "hour": HOUR}.get(interval, DAY)
    return "day" if length > 1_000 else interval


def first_and_last(item: dict[str, Any]) -> dict[str, int]:
    return {key: millis(datetime.fromisoformat(item[key])) for key in ("firstSeenAt", "lastSeenAt")}
