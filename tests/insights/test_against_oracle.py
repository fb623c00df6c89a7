"""Every number against the contract's definitions in plain Python, on random events in a real store."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insights import oracle
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

CHECKED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
        session=st.sampled_from([0, 1, 2, 3, 2**64 - 1]),
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
    if (asked.until - asked.since) / {"minute": MINUTE, "hour": HOUR}.get(interval, DAY) > 1_000:
        interval = "day"
    project = new_id()
    put(reader.store, project, events)
    answer = reader.get("/metrics/events/timeseries", project, interval=interval, **range_of(asked))
    (line,) = answer["series"]
    assert in_millis(line["points"]) == oracle.series(events, asked, interval)
    assert line["total"] == sum(point["value"] for point in line["points"])
    assert line["total"] == reader.get("/metrics/overview", project, **range_of(asked))["totalEvents"]
