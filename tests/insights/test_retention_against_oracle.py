"""Retention and churn in every time zone against the definitions in plain Python."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.insights import retention_oracle as oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked
from tests.insights.reading import Happened, Reader, millis, put
from tests.insights.retention_oracle import AskedRetention
from tests.insights.test_against_oracle import DAY, HOUR, MINUTE, MOMENTS, ZONES, range_of

from pulseboard.kit.ids import new_id

NAMES = ("open", "buy")
PRO = {"property": "plan", "operator": "is", "value": "pro"}


@st.composite
def habits(draw: st.DrawFn) -> tuple[list[Happened], Asked]:
    """A few people around a change of the clocks, who come back after days, weeks and months, often near midnight."""
    middle = draw(st.sampled_from(MOMENTS))
    step = draw(st.sampled_from([DAY, 7 * DAY, 30 * DAY]))
    times = st.builds(
        lambda days, hours, more: middle + days * step // 2 + hours * HOUR + more,
        st.integers(-8, 8),
        st.integers(-6, 6),
        st.sampled_from([0, 0, -1, 1, 15 * MINUTE, -MINUTE]),
    )
    one = st.builds(
        Happened,
        at=times,
        name=st.sampled_from(NAMES),
        type=st.just("CUSTOM"),
        person=st.sampled_from([0, 1, 2, 3, 4, 2**32 - 1]),
        session=st.just(0),
        properties=st.sampled_from([{}, {"plan": "pro"}]),
        id=st.builds(new_id),
    )
    events = draw(st.lists(one, min_size=15, max_size=30) | st.lists(one, max_size=6))
    ends = st.sampled_from([event.at for event in events] or [middle]) | times
    since, until = sorted((draw(ends), draw(ends)))
    return events, Asked(since, max(until, since + 1), draw(st.sampled_from(ZONES)))


def questions() -> st.SearchStrategy[AskedRetention]:
    filters = st.sampled_from([[], [], [PRO]])
    return st.builds(
        AskedRetention,
        period=st.sampled_from(["day", "week", "month"]),
        start=st.sampled_from([*NAMES, None]),
        back=st.sampled_from([*NAMES, None]),
        start_filters=filters,
        back_filters=filters,
        filters=filters,
        cohorts=st.sampled_from(["first", "first_ever", "recurring"]),
        unbounded=st.booleans(),
    )


def body_of(asked: AskedRetention) -> dict[str, Any]:
    named = {"startEvent": asked.start, "returnEvent": asked.back}
    return {
        "period": asked.period,
        **{key: name for key, name in named.items() if name},
        "startFilters": asked.start_filters,
        "returnFilters": asked.back_filters,
        "filters": asked.filters,
        "cohorts": asked.cohorts,
        "unbounded": asked.unbounded,
    }


def wanted(asked: AskedRetention) -> AskedRetention:
    """A return event that is left out altogether is the start event."""
    if asked.back is None and not asked.back_filters:
        return replace(asked, back=asked.start, back_filters=asked.start_filters)
    return asked


def at(item: dict[str, Any]) -> int:
    return millis(datetime.fromisoformat(item["start"]))


@CHECKED
@given(habits(), st.lists(questions(), min_size=1, max_size=4), st.booleans())
def test_retention_counts_who_comes_back_in_the_zones_periods(
    reader: Reader, world: tuple[list[Happened], Asked], asks: list[AskedRetention], retained: bool
) -> None:
    events, period = world
    project = new_id()
    put(reader.store, project, events)
    for asked in asks:
        body = body_of(asked) | range_of(period)
        if (period.until - period.since) > 150 * DAY and asked.period == "day":
            body["period"], asked = "week", replace(asked, period="week")
        found = reader.post("/insights/retention", project, **body)["cohorts"]
        true = oracle.cohorts(events, wanted(asked), period)
        assert [(at(each), each["size"]) for each in found] == [(each["start"], len(each["cohort"])) for each in true]
        assert [each["retained"] for each in found] == [[len(who) for who in each["retained"]] for each in true]
        assert all(count <= each["size"] for each in found for count in each["retained"])

        place = len(events) % len(true)
        k = len(events) * 5 % len(true[place]["retained"])
        cell = {"cohort": found[place]["start"], "k": k, "retained": retained}
        page = reader.post("/insights/retention/users", project, **body, **cell)
        who = true[place]["retained"][k] if retained else true[place]["cohort"] - true[place]["retained"][k]
        assert {item["userId"] for item in page["items"]} == {f"user-{person}" for person in who}
        assert page["total"] == len(who)


@CHECKED
@given(habits(), st.sampled_from(["day", "week", "month"]), st.sampled_from([*NAMES, None]))
def test_churn_counts_who_is_new_stays_returns_and_goes(
    reader: Reader, world: tuple[list[Happened], Asked], grain: str, name: str | None
) -> None:
    events, period = world
    if (period.until - period.since) > 150 * DAY and grain == "day":
        grain = "week"
    project = new_id()
    put(reader.store, project, events)
    event = {"event": name} if name else {}
    items = reader.post("/insights/churn", project, period=grain, **event, **range_of(period))["items"]
    assert [{**item, "start": at(item)} for item in items] == oracle.churn(events, period, grain, name)
