"""Trends, breakdowns, formulas and conditions against their definitions, on random events in a real store."""

from math import isclose
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.insights import trend_oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked
from tests.insights.reading import Happened, Reader, put
from tests.insights.test_against_oracle import NAMES, coarse, in_millis, range_of, worlds

from pulseboard.kit.ids import new_id

World = tuple[list[Happened], Asked]
AMOUNTS = st.sampled_from([0, 1, 2.5, -3, 12, "12", "x", "", None, True, 10**9, 7, 7])
PLANS = st.sampled_from(["free", "pro", "", "Other", "(not set)", "ü", "a'b\\"])


@st.composite
def shops(draw: st.DrawFn) -> World:
    """``worlds`` whose events have amounts, plans and statuses."""
    events, asked = draw(worlds())
    owned = st.fixed_dictionaries({}, optional={"amount of": AMOUNTS, "plan": PLANS, "statusCode": st.just(503)})
    return [
        Happened(event.at, event.name, event.type, event.person, event.session, draw(owned), event.id)
        for event in events
    ], asked


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    texts = st.sampled_from(["", "vis", "ro", "12", "ü", "a'b\\", "free"])
    keys = st.sampled_from(["name", "plan", "amount of", "userId", "type"])
    simple = (
        st.builds(
            dict,
            property=keys,
            operator=st.sampled_from(["contains", "not_contains", "starts_with", "ends_with", "is", "is_not"]),
            value=texts,
        )
        | st.builds(
            dict,
            property=keys,
            operator=st.just("matches"),
            value=st.sampled_from(["^v", "e$", "[0-9]+", "(?i)PRO|x", "a.b", r"\w{4,}", "ü?$"]),
        )
        | st.builds(
            dict,
            property=st.sampled_from(["amount of", "statusCode", "plan"]),
            operator=st.sampled_from(["greater", "greater_or_equal", "less", "less_or_equal"]),
            value=st.sampled_from([-3, 0, 2.5, 12, 503]),
        )
        | st.builds(
            dict,
            property=st.just("amount of"),
            operator=st.just("between"),
            value=st.sampled_from([[0, 12], [-3, -3], [2.5, 7], [13, 14]]),
        )
        | st.builds(dict, property=keys, operator=st.sampled_from(["set", "not_set"]))
    )
    deed = st.fixed_dictionaries(
        {},
        optional={
            "event": st.sampled_from(NAMES[:2]),
            "times": st.integers(1, 3),
            "filters": st.lists(simple, max_size=1),
        },
    )
    leaf = simple | st.builds(dict, did=deed) | st.builds(dict, didNot=deed)
    parts = st.lists(leaf, min_size=1, max_size=3)
    group = st.builds(dict, **{"or": parts}) | st.builds(dict, **{"and": parts})
    return leaf | group | st.builds(dict, **{"or": st.lists(leaf | group, min_size=1, max_size=2)})


PLAIN = ["events", "users", "sessions", "errors", "errorRate", "eventsPerUser", "firstSeen", "lastSeen"]
NUMERIC = ["values", "sum", "avg", "min", "max", "median", "p1", "p50", "p75", "p90", "p95", "p99"]
SERIES = st.builds(dict, metric=st.sampled_from(PLAIN)) | st.builds(
    dict, metric=st.sampled_from(NUMERIC), property=st.just("amount of")
)
INTERVALS = st.sampled_from(["hour", "day", "week", "month"])


def found_of(answer: dict[str, Any], letter: str = "A") -> list[dict[str, Any]]:
    lines = [line for line in answer["series"] if line["letter"] == letter]
    assert all(line["exact"] for line in lines)
    return [
        {key: line[key] for key in ("breakdown", "other", "total")} | {"points": in_millis(line["points"])}
        for line in lines
    ]


def same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    """Equal but for the last digits of fractions."""
    assert [(each["breakdown"], each["other"]) for each in found] == [
        (each["breakdown"], each["other"]) for each in wanted
    ]
    for mine, theirs in zip(found, wanted, strict=True):
        assert [start for start, _ in mine["points"]] == [start for start, _ in theirs["points"]]
        assert close(values_of(mine), values_of(theirs))


def values_of(line: dict[str, Any]) -> list[float | None]:
    return [line["total"], *(value for _, value in line["points"])]


def close(found: list[float | None], wanted: list[float | None]) -> bool:
    """Equal but for the last digits of fractions; nothing is only equal to nothing."""
    pairs = zip(found, wanted, strict=True)
    return all(a == b if a is None or b is None else isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


def filled(reader: Reader, events: list[Happened]) -> str:
    project = new_id()
    put(reader.store, project, events)
    return project


def asked_for(reader: Reader, project: str, asked: Asked, **body: object) -> dict[str, Any]:
    return reader.post("/insights/trends", project, **range_of(asked), **body)


@CHECKED
@given(shops(), SERIES, INTERVALS, st.lists(conditions(), max_size=2))
def test_a_series_measures_what_its_conditions_keep(
    reader: Reader, world: World, series: dict[str, Any], interval: str, filters: list[dict[str, Any]]
) -> None:
    events, asked = world
    body = {"interval": coarse(asked, interval), "filters": filters}
    answer = asked_for(reader, filled(reader, events), asked, series=[series], **body)
    same(found_of(answer), trend_oracle.series_lines(events, series, body, asked))


@CHECKED
@given(
    shops(),
    SERIES,
    INTERVALS,
    st.lists(st.sampled_from(["plan", "name", "amount of", "type"]), min_size=1, max_size=2, unique=True),
    st.integers(1, 4),
    st.sampled_from(["largest", "smallest", "label"]),
)
def test_a_breakdown_shows_the_first_values_and_everything_else_as_one(
    reader: Reader, world: World, series: dict[str, Any], interval: str, keys: list[str], limit: int, order: str
) -> None:
    events, asked = world
    body = {"interval": coarse(asked, interval), "breakdown": keys, "limit": limit, "order": order}
    answer = asked_for(reader, filled(reader, events), asked, series=[series], **body)
    same(found_of(answer), trend_oracle.series_lines(events, series, body, asked))


@CHECKED
@given(shops(), st.sampled_from(["dau", "wau", "mau", "stickiness"]), st.sampled_from(["day", "week", "month"]))
def test_active_users_are_those_of_the_days_that_end_with_a_bucket(
    reader: Reader, world: World, metric: str, interval: str
) -> None:
    events, asked = world
    body = {"interval": interval}
    answer = asked_for(reader, filled(reader, events), asked, series=[{"metric": metric}], **body)
    same(found_of(answer), trend_oracle.series_lines(events, {"metric": metric}, body, asked))


@CHECKED
@given(shops(), SERIES, st.booleans())
def test_the_period_before_is_measured_in_the_same_way_with_the_same_values(
    reader: Reader, world: World, series: dict[str, Any], broken_down: bool
) -> None:
    events, asked = world
    length = asked.until - asked.since
    before = Asked(asked.since - length, asked.since, asked.zone)
    body: dict[str, Any] = {"interval": "day", "limit": 2, "order": "largest"}
    body |= {"breakdown": ["plan"]} if broken_down else {}
    project = filled(reader, events)
    answer = asked_for(reader, project, asked, series=[series], compare="previous", **body)
    first = [tuple(line["breakdown"]) for line in answer["series"] if not line["other"]] if broken_down else None
    wanted = {
        (*line["breakdown"], line["other"]): line
        for line in trend_oracle.series_lines(events, series, body, before, first)
    }
    for line in answer["series"]:
        mine = wanted.pop((*line["breakdown"], line["other"]), None)
        if mine is None:
            assert line["other"]
            continue
        found = {"breakdown": [], "other": False, **line["previous"], "points": in_millis(line["previous"]["points"])}
        same([found], [mine | {"breakdown": [], "other": False}])
    assert not wanted


@CHECKED
@given(shops(), st.sampled_from(["A/B", "(A - B) * 100 / A", "-a + 2*b", "A / (B - B)"]))
def test_a_formula_is_calculated_in_every_bucket(reader: Reader, world: World, formula: str) -> None:
    events, asked = world
    series = [{"metric": "events"}, {"metric": "users", "filters": [{"property": "plan", "operator": "set"}]}]
    answer = asked_for(reader, filled(reader, events), asked, series=series, interval="day", formula=formula)
    (one,), (two,) = (trend_oracle.series_lines(events, each, {"interval": "day"}, asked) for each in series)
    (found,) = answer["formulaSeries"]
    calculated = {
        "A/B": lambda a, b: a / b if b else None,
        "(A - B) * 100 / A": lambda a, b: (a - b) * 100 / a if a else None,
        "-a + 2*b": lambda a, b: -a + 2 * b,
        "A / (B - B)": lambda a, b: None,
    }[formula]
    pairs = zip(one["points"], two["points"], strict=True)
    wanted = [calculated(one["total"], two["total"]), *(calculated(a, b) for (_, a), (_, b) in pairs)]
    assert close([found["total"], *(value for _, value in in_millis(found["points"]))], wanted)


@CHECKED
@given(shops())
def test_parts_add_up_to_the_whole_and_the_series_to_the_overview(reader: Reader, world: World) -> None:
    events, asked = world
    project = filled(reader, events)
    overview = reader.get("/metrics/overview", project, **range_of(asked))
    series = [{"metric": metric} for metric in ("events", "users", "sessions", "errors")]
    answer = asked_for(reader, project, asked, series=series, interval="day")
    totals = {line["metric"]: line["total"] for line in answer["series"]}
    assert totals == {
        "events": overview["totalEvents"],
        "users": overview["uniqueUsers"],
        "sessions": overview["sessions"],
        "errors": overview["errors"],
    }
    for line in answer["series"]:
        counts = [point["value"] for point in line["points"]]
        assert sum(counts) == line["total"] if line["metric"] in ("events", "errors") else max(counts) <= line["total"]
    parts = asked_for(reader, project, asked, series=series, interval="day", breakdown="plan", limit=2)
    for metric in ("events", "errors"):
        assert sum(line["total"] for line in parts["series"] if line["metric"] == metric) == totals[metric]
