"""What the engine keeps ahead of time answers the same, and reads touch only the days that they need."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.insights import oracle, retention_oracle, web_oracle
from tests.insights.oracle import Asked
from tests.insights.reading import Happened, Reader, merge, millis, put
from tests.insights.retention_oracle import AskedRetention
from tests.insights.test_against_oracle import in_millis, range_of

from pulseboard.insights import catalog, run
from pulseboard.insights.buckets import borders
from pulseboard.insights.parse import Frame, name_filter, type_filter
from pulseboard.insights.plan import plan
from pulseboard.insights.product.retention import Retention
from pulseboard.insights.product.sql.retention import render_retention
from pulseboard.insights.query import Dimension, Filter, Grain, Period, Query
from pulseboard.insights.render import render
from pulseboard.kit.ids import new_id
from pulseboard.store import ProjectScope, Store
from pulseboard.store.erase import erase_persons

FIRST = datetime(2026, 2, 20, 13, 7, 11, 123000, tzinfo=UTC)
LAST = datetime(2026, 3, 20, 4, 52, 0, 1000, tzinfo=UTC)
MONTH = Period(FIRST, LAST)
DAYS = Period(datetime(2026, 2, 21, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC))  # whole ones
PAGES = (Dimension("host"), Dimension("path"))
SEED = 20260320


def explained(store: Store, query: Query, how: str) -> str:
    statement = render(plan(query))
    rows = store.read(f"EXPLAIN {how} " + statement.sql, statement.params, query.scope)
    return "\n".join(str(row["explain"]) for row in rows)


def some_events(count: int, start: datetime, end: datetime) -> list[Happened]:
    chance = random.Random(SEED)
    return [
        Happened(
            chance.randrange(millis(start), millis(end)),
            f"name {chance.randrange(14)}",
            chance.choice(["CUSTOM", "error", "purchase", "page_view"]),
            chance.randrange(60),
            chance.randrange(200),
            {"plan": chance.choice(["free", "pro", None])},
            bot=chance.random() < 0.2,
            columns={"host": "a.example", "path": chance.choice(["", "/", "/b", "/b/1"])},
        )
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def filled(store: Store) -> tuple[str, list[Happened]]:
    """A project with two months of events that merges have been over, and some fresh ones; and a neighbour."""
    project, neighbour = new_id(), new_id()
    events = some_events(3_000, FIRST - timedelta(days=40), LAST + timedelta(days=5))
    put(store, neighbour, some_events(500, FIRST, LAST))
    put(store, project, events[:1_500])
    put(store, project, events[1_500:2_900])
    merge(store)
    put(store, project, events[2_900:])
    return project, events


def questions(project: str) -> Iterable[tuple[str, Query, str]]:
    """What dashboards ask most, each with the projection that is to answer it."""
    scope = ProjectScope(project)
    yield "totals", Query(scope, MONTH, ("events", "errors", "users", "sessions")), "by_day"
    yield "active users", Query(scope, MONTH, ("users",), also=(Period(LAST - timedelta(days=7), LAST),)), "by_day"
    yield "series", Query(scope, MONTH, ("events",), grain="day", timezone="Asia/Kathmandu"), "by_quarter"
    yield "series of users", Query(scope, MONTH, ("users",), grain="week"), "by_day"
    yield "series by name", Query(scope, MONTH, ("events",), grain="hour", dimensions=(catalog.NAME,)), "by_quarter"
    yield "by type", Query(scope, MONTH, ("events",), dimensions=(catalog.TYPE,)), "by_quarter"
    people = (type_filter("page_view"), Filter(catalog.BOT, "is", ("false",)))
    yield "visitors", Query(scope, MONTH, ("events", "users", "sessions"), filters=people), "by_day"
    yield "series of visitors", Query(scope, MONTH, ("events", "users"), grain="day", filters=people), "by_day"
    yield "views by hour", Query(scope, MONTH, ("events",), grain="hour", filters=people), "by_quarter"
    yield "bots", Query(scope, MONTH, ("events",), dimensions=(catalog.BOT,)), "by_quarter"
    yield "totals of whole days", Query(scope, DAYS, ("events", "users", "sessions")), "by_day"
    yield "users of an event", Query(scope, MONTH, ("users",), filters=(name_filter("event", "name 3"),)), "by_name"
    yield "users by event", Query(scope, DAYS, ("events", "users"), dimensions=(catalog.NAME,)), "by_name"
    yield "top pages", Query(scope, MONTH, ("events", "users"), dimensions=PAGES, filters=people), "by_page"
    blog = Filter(PAGES[1], "starts_with", ("/b",))
    yield "views of pages", Query(scope, DAYS, ("events", "users"), filters=(*people, blog)), "by_page"
    yield "views by day", Query(scope, MONTH, ("users",), grain="day", filters=(*people, blog)), "by_page"
    yield "count of a type", Query(scope, MONTH, ("events",), filters=(type_filter("error"),)), "by_quarter"


# The engine reads rows where they are few.
MANY = """
INSERT INTO events (project_id, id, type, kind, name, timestamp, received_at, person, session, bot, host, path)
WITH ['PAGE_VIEW', 'ERROR', ''][1 + number % 3] AS well_known
SELECT
    {project:UUID}, toString(number), well_known, well_known, concat('name ', toString(number % 5)),
    toDateTime64('2026-02-15', 3, 'UTC') + number * 8, now64(3), number % 1009, number % 5003, number % 7 = 0,
    'a.example', concat('/b', toString(number % 4))
FROM numbers(400000)
"""


def test_the_questions_of_every_dashboard_are_answered_from_what_is_kept(store: Store) -> None:
    project = new_id()
    store.command(MANY, {"project": project})
    merge(store)
    for name, query, kept in questions(project):
        assert f"ReadFromMergeTree ({kept})" in explained(store, query, "projections = 1"), name


def test_what_is_kept_says_what_the_rows_say(store: Store) -> None:
    project = new_id()
    store.command(MANY, {"project": project})
    merge(store)
    everything = Filter(Dimension("currency"), "not_set")  # of which the engine keeps nothing
    for name, query, _ in questions(project):
        rows = replace(query, filters=(*query.filters, everything))
        assert "ReadFromMergeTree (by_" not in explained(store, rows, "projections = 1"), name
        answers = [
            store.read(statement.sql, statement.params, query.scope)
            for statement in (render(plan(query)), render(plan(rows)))
        ]
        assert answers[0], name
        assert answers[0] == answers[1], name


def test_who_is_erased_is_in_no_set_any_more(store: Store) -> None:
    project = new_id()
    store.command(MANY, {"project": project})
    merge(store)
    asked = [query for _, query, kept in questions(project) if kept != "by_quarter" and "users" in query.metrics]
    alone = [replace(query, dimensions=(), grain=None, metrics=("users",), also=()) for query in asked]
    before = [run.totals(store, query)[0]["users"] for query in alone]
    erase_persons(store, project, [5, 77])
    assert [run.totals(store, query)[0]["users"] for query in alone] == [count - 2 for count in before]
    assert all("ReadFromMergeTree (by_" in explained(store, query, "projections = 1") for query in alone)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_kept_answers_are_the_definitions_numbers(
    reader: Reader, filled: tuple[str, list[Happened]], zone: str
) -> None:
    project, events = filled
    asked = Asked(millis(FIRST), millis(LAST), zone)
    answer = reader.get("/metrics/overview", project, **range_of(asked))
    answer.pop("meta")
    assert answer == oracle.overview(events, asked)
    for interval in ("hour", "day", "week", "month"):
        params = {"interval": interval, **range_of(asked)}
        (line,) = reader.get("/metrics/events/timeseries", project, **params)["series"]
        assert in_millis(line["points"]) == oracle.series(events, asked, interval)
        lines = reader.get("/metrics/events/timeseries", project, breakdown="name", **params)["series"]
        found = [{**each, "points": in_millis(each["points"])} for each in lines]
        assert found == oracle.broken_down(events, asked, interval, "name")
    summary = reader.get("/dashboard/summary", project, **range_of(asked))
    actives = [oracle.active_users(events, asked, days) for days in (1, 7, 30)]
    assert [summary["dau"], summary["wau"], summary["mau"]] == actives
    assert summary["topEvents"] == oracle.top_events(oracle.within(events, asked))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
@pytest.mark.parametrize("grain", ["day", "month"])
def test_a_series_of_users_counts_each_once_a_bucket(
    store: Store, filled: tuple[str, list[Happened]], zone: str, grain: Grain
) -> None:
    project, events = filled
    query = Query(ProjectScope(project), MONTH, ("users",), grain=grain, timezone=zone)
    (line,) = run.chart(store, query).lines
    people: dict[object, set[int]] = {}
    for event in oracle.within(events, Asked(millis(FIRST), millis(LAST))):
        people.setdefault(oracle.bucket_label(event.at, grain, ZoneInfo(zone)), set()).add(event.person)
    assert list(line.values) == [len(people[label] - {0}) for label in sorted(people)]  # type: ignore[type-var]


def test_visitors_from_what_is_kept_are_people_only(store: Store, filled: tuple[str, list[Happened]]) -> None:
    project, events = filled
    people = (type_filter("page_view"), Filter(catalog.BOT, "is", ("false",)))
    (found,) = run.totals(store, Query(ProjectScope(project), MONTH, ("events", "users", "sessions"), filters=people))
    inside = oracle.within(events, Asked(millis(FIRST), millis(LAST)))
    views = [event for event in inside if oracle.kind(event) == "PAGE_VIEW" and not event.bot]
    assert found == {
        "events": len(views),
        "users": len({event.person for event in views} - {0}),
        "sessions": len({event.session for event in views} - {0}),
    }


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_kept_sets_of_persons_make_the_definitions_retention(
    reader: Reader, filled: tuple[str, list[Happened]], zone: str, grain: str
) -> None:
    project, events = filled
    period = Asked(millis(FIRST), millis(LAST), zone)
    for cohorts in ("first_ever", "recurring"):
        asked = AskedRetention(grain, "name 3", "name 3", cohorts=cohorts)
        body = {"period": grain, "startEvent": "name 3", "returnEvent": "name 3", "cohorts": cohorts}
        found = reader.post("/insights/retention", project, **body, **range_of(period))["cohorts"]
        true = retention_oracle.cohorts(events, asked, period)
        assert [each["retained"] for each in found] == [[len(who) for who in each["retained"]] for each in true]
    assert any(any(each["retained"][1:]) for each in found)


def test_the_first_step_of_a_funnel_is_the_definitions(reader: Reader, filled: tuple[str, list[Happened]]) -> None:
    project, events = filled
    steps = [{"event": "name 3"}, {"event": "name 4"}]
    period = Asked(millis(FIRST), millis(LAST), "UTC")
    answer = reader.post("/insights/funnel", project, steps=steps, **range_of(period))
    began = {event.person for event in oracle.within(events, period) if event.name == "name 3"} - {0}
    assert answer["steps"][0]["users"] == len(began)


def test_top_pages_are_the_definitions(reader: Reader, filled: tuple[str, list[Happened]]) -> None:
    project, events = filled
    period = Asked(millis(FIRST), millis(LAST), "UTC")
    found = reader.get(f"/stats/{project}/top-pages", project, **range_of(period))["items"]
    assert found == web_oracle.top_pages(web_oracle.people(oracle.within(events, period), "without"))


FILL = """
INSERT INTO events (project_id, id, name, timestamp, received_at)
SELECT {project:UUID}, toString(number), 'visit', toDateTime64('2026-01-01', 3, 'UTC') + number * 80, now64(3)
FROM numbers(100000)
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_retention_reads_rows_of_cut_days_only(store: Store, zone: str) -> None:
    project = new_id()
    store.command(FILL, {"project": project})
    merge(store)
    starts = borders(MONTH, "week", ZoneInfo(zone))
    opened = (name_filter("event", "visit"),)
    asked = Retention(Frame(ProjectScope(project), MONTH, zone), "week", starts, opened, opened)
    statement = render_retention(asked)
    how = store.read("EXPLAIN projections = 1 " + statement.sql, statement.params, asked.frame.scope)
    assert any("ReadFromMergeTree (by_name)" in row["explain"] for row in how)


@pytest.mark.parametrize("start", [datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 2, 10, 1, 1, tzinfo=UTC)])
def test_a_read_of_a_day_touches_no_other_month_and_few_other_days(store: Store, start: datetime) -> None:
    project = new_id()
    store.command(FILL, {"project": project})  # 1,080 events a day, January to April
    merge(store)
    day = Period(start, datetime(2026, 2, 11, tzinfo=UTC))
    query = Query(ProjectScope(project), day, ("first_seen", "users"))
    statement = render(plan(query))
    touched = store.read("EXPLAIN ESTIMATE " + statement.sql, statement.params, query.scope)
    assert sum(row["parts"] for row in touched) == 1
    assert 0 < sum(row["rows"] for row in touched) <= 3 * 8_192


def test_a_read_of_errors_touches_little_else(store: Store) -> None:
    before, project, after = (new_id() for _ in range(3))  # neighbours, whose errors would lie with the project's
    for each in (before, project, after):
        store.command(FILL, {"project": each})
    put(store, project, [Happened(millis(FIRST), "TypeError", "ERROR") for _ in range(50)])
    merge(store)
    query = Query(ProjectScope(project), MONTH, ("events", "users"), segment="errors", dimensions=(catalog.NAME,))
    assert [row["events"] for row in run.groups(store, query)] == [50]
    statement = render(plan(query))
    touched = store.read("EXPLAIN ESTIMATE " + statement.sql, statement.params, query.scope)
    assert 0 < sum(row["rows"] for row in touched) <= 2 * 8_192  # of 30,000 in that month
