"""Every number of a site's pages against its definition in plain Python, on random visits in a real store."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.insights import web_oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked, within
from tests.insights.reading import Happened, Reader, millis, put
from tests.insights.test_against_oracle import MOMENTS, ZONES, range_of

from pulseboard.insights.parse import Frame
from pulseboard.insights.query import Period
from pulseboard.insights.web.goals import Wanted, count_goals
from pulseboard.kit.ids import new_id
from pulseboard.store import ProjectScope

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS: dict[str, tuple[str, ...]] = {
    "host": ("", "a.example", "b.example"),
    "path": ("", "/", "/é", "/z", "/b/1", "/b_1", "/b%1", "(not set)"),
    "channel": ("", "Direct", "Email"),
    "referrer_domain": ("", "google.com", "ünï.example"),
    "referrer": ("", "https://google.com/x"),
    "utm_source": ("", "letter", "it's"),
    "utm_campaign": ("", "spring", "\\"),
    "country": ("", "DE", "US"),
    "region": ("", "Berlin", "Bavaria"),
    "city": ("", "Berlin", "Munich"),
    "browser": ("", "Chrome", "Safari"),
    "browser_version": ("", "1", "2"),
    "os": ("", "iOS"),
    "os_version": ("", "19.1"),
    "device": ("", "mobile"),
}
BY_VIEW = {name: web_oracle.PARENTS.get(name, (name,)) for name in ("country", "browser", "os", "device", "host")}
BY_VIEW |= web_oracle.PARENTS


@st.composite
def visits(draw: st.DrawFn) -> tuple[list[Happened], Asked, int]:
    """Some visits around a moment, a range near it, and when it is asked; many of them meet at one instant."""
    middle = draw(st.sampled_from(MOMENTS))
    reach = draw(st.sampled_from([10 * MINUTE, 2 * DAY, 20 * DAY]))
    times = [middle + at for at in draw(st.lists(st.integers(-reach, reach), min_size=1, max_size=5))]
    events = draw(st.lists(happened([*times, middle, middle - 7 * DAY, middle - 5 * MINUTE]), max_size=30))
    since, until = sorted(draw(st.sampled_from([*times, middle, middle - reach, middle + reach])) for _ in range(2))
    now = draw(st.sampled_from([middle, *times, until]))
    return events, Asked(since, max(until, since + 1), draw(st.sampled_from(ZONES))), now


def happened(times: list[int]) -> st.SearchStrategy[Happened]:
    return st.builds(
        Happened,
        at=st.sampled_from(times).flatmap(lambda time: st.sampled_from([time, time, time - 1, time + 1])),
        name=st.sampled_from(["page_view", "signup", "x"]),
        type=st.sampled_from(["PAGE_VIEW", "page_view", "CUSTOM"]),
        person=st.integers(0, 3),
        session=st.sampled_from([0, 1, 2, 3, 2**32 - 1]),
        bot=st.sampled_from([False, False, True]),
        columns=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in COLUMNS.items()}),
        id=st.builds(new_id),
    )


def ask(reader: Reader, project: str, path: str, asked: Asked, **params: object) -> dict[str, Any]:
    return reader.get(f"/stats/{project}/{path}", project, **range_of(asked), **params)


def at(reader: Reader, now: int) -> None:
    reader.now = EPOCH + timedelta(milliseconds=now)


BOTS = st.sampled_from(["without", "with", "only"])


@CHECKED
@given(visits(), BOTS)
def test_overview_and_realtime_follow_the_definitions(
    reader: Reader, world: tuple[list[Happened], Asked, int], bots: str
) -> None:
    events, asked, now = world
    project = new_id()
    put(reader.store, project, events)
    at(reader, now)
    answer = ask(reader, project, "overview", asked, bots=bots)
    left_out = answer.pop("meta")["botsLeftOut"]
    mine = web_oracle.people(events, bots)
    expected = web_oracle.overview(mine, asked, now)
    for part in (answer, expected, answer["previous"], expected["previous"]):
        part["avgSessionSeconds"] = round(part["avgSessionSeconds"], 6)
    assert answer == expected
    crawled = [event for event in within(events, asked) if event.bot and web_oracle.is_view(event)]
    assert left_out == (len(crawled) if bots == "without" else 0)
    live = ask(reader, project, "realtime", asked, bots=bots)
    live.pop("meta")
    assert live == web_oracle.realtime(mine, now)


@CHECKED
@given(visits(), st.sampled_from(["hour", "day", "week", "month"]))
def test_a_course_has_every_bucket_and_its_views_add_up(
    reader: Reader, world: tuple[list[Happened], Asked, int], interval: str
) -> None:
    events, asked, _ = world
    interval = "day" if asked.until - asked.since > 40 * DAY and interval == "hour" else interval
    project = new_id()
    put(reader.store, project, events)
    answer = ask(reader, project, "timeseries", asked, interval=interval)
    found = [
        (millis(datetime.fromisoformat(point["t"])), point["views"], point["visitors"], point["sessions"])
        for point in answer["points"]
    ]
    assert found == web_oracle.series(web_oracle.people(events, "without"), asked, interval)
    total = ask(reader, project, "overview", asked)["totalViews"]
    assert sum(views for _, views, _, _ in found) == total


@CHECKED
@given(visits(), st.sampled_from([*BY_VIEW, *web_oracle.ENTRIES, *web_oracle.EXITS]), st.booleans())
def test_a_breakdown_adds_up_to_the_whole(
    reader: Reader, world: tuple[list[Happened], Asked, int], by: str, filtered: bool
) -> None:
    events, asked, _ = world
    project = new_id()
    put(reader.store, project, events)
    filters: dict[str, object] = {"filters": [{"property": "country", "operator": "is", "value": "DE"}]}
    params = filters if filtered else {}
    mine = within(web_oracle.people(events, "without"), asked)
    if filtered:
        mine = [event for event in mine if event.columns["country"] == "DE"]
    answer = ask(reader, project, "breakdown", asked, by=by, **params)
    items = [{**item, "avgSessionSeconds": rounded(item["avgSessionSeconds"])} for item in answer["items"]]
    expected = web_oracle.by_view(mine, BY_VIEW[by]) if by in BY_VIEW else web_oracle.by_session(mine, by)
    assert items == [{**item, "avgSessionSeconds": rounded(item["avgSessionSeconds"])} for item in expected]
    whole = ask(reader, project, "overview", asked, **params)
    if by in BY_VIEW:
        assert sum(item["views"] for item in items) == whole["totalViews"]
    else:
        assert sum(item["sessions"] for item in items) == whole["sessions"]
    pages = ask(reader, project, "top-pages", asked, **params)["items"]
    assert pages == web_oracle.top_pages(mine)
    assert sum(item["views"] for item in pages) == whole["totalViews"]


GOALS: dict[Wanted, Callable[[Happened], bool]] = {
    Wanted("event", "signup"): lambda event: event.name == "signup",
    Wanted("page", "/z"): lambda event: web_oracle.is_view(event) and event.columns["path"] == "/z",
    Wanted("page", "/b*"): lambda event: web_oracle.is_view(event) and event.columns["path"].startswith("/b"),
    Wanted("page", "*_1"): lambda event: web_oracle.is_view(event) and event.columns["path"].endswith("_1"),
    Wanted("page", "*%*"): lambda event: web_oracle.is_view(event) and "%" in event.columns["path"],
    Wanted("page", "/b?1"): lambda event: False,
}


@CHECKED
@given(visits(), st.lists(st.sampled_from(list(GOALS)), max_size=8))
def test_goals_count_those_who_were_on_the_site(
    reader: Reader, world: tuple[list[Happened], Asked, int], goals: list[Wanted]
) -> None:
    events, asked, _ = world
    project = new_id()
    put(reader.store, project, events)
    period = Period(EPOCH + timedelta(milliseconds=asked.since), EPOCH + timedelta(milliseconds=asked.until))
    visitors, found = count_goals(reader.store, Frame(ProjectScope(project), period, asked.zone), goals)
    mine = within(events, asked)
    assert visitors == web_oracle.views_and_visitors(mine)["visitors"]
    assert [(each.conversions, each.visitors) for each in found] == [
        web_oracle.goal(mine, GOALS[goal]) for goal in goals
    ]
    assert all(each.visitors <= visitors for each in found)


def test_a_session_comes_in_by_its_first_page_and_goes_out_by_its_last(reader: Reader, project: str) -> None:
    visited = {1: ((1, "/a"), (2, "/b"), (3, "/c")), 2: ((1, "/c"), (2, "/a")), 3: ((5, "/y"), (5, "/x"))}
    noon = millis(reader.now)
    put(
        reader.store,
        project,
        [
            Happened(noon - 9_000 + second * 1_000, type="PAGE_VIEW", person=1, session=session, columns={"path": path})
            for session, views in visited.items()
            for second, path in reversed(views)
        ],
    )
    found = {}
    for by in ("entryPage", "exitPage"):
        items = reader.get(f"/stats/{project}/breakdown", project, by=by)["items"]
        found[by] = {item["label"]: (item["sessions"], item["views"], item["avgSessionSeconds"]) for item in items}
    assert found["entryPage"] == {"/a": (1, 3, 2), "/c": (1, 2, 1), "/x": (1, 2, 0)}
    assert found["exitPage"] == {"/c": (1, 3, 2), "/a": (1, 2, 1), "/y": (1, 2, 0)}


@pytest.mark.parametrize("by", ["country", "region", "city"])
def test_places_carry_the_name_of_whose_data_they_are(reader: Reader, project: str, by: str) -> None:
    answer = reader.get(f"/stats/{project}/breakdown", project, by=by)
    assert re.fullmatch(r"IP Geolocation by DB-IP \(https://db-ip\.com\)", answer["attribution"])
    assert reader.get(f"/stats/{project}/breakdown", project, by="browser")["attribution"] is None


@pytest.mark.parametrize(
    ("zone", "views"), [("UTC", 0), ("Europe/Berlin", 1), ("America/New_York", 1), ("Pacific/Kiritimati", 1)]
)
def test_today_begins_at_midnight_of_the_zone_that_is_asked_for(
    reader: Reader, project: str, zone: str, views: int
) -> None:
    at(reader, millis(datetime(2026, 3, 10, 3, 30, tzinfo=UTC)))
    evening = millis(datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    put(reader.store, project, [Happened(evening, type="PAGE_VIEW", person=1, session=1)])
    assert reader.get(f"/stats/{project}/overview", project, timezone=zone)["today"]["views"] == views


def rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
