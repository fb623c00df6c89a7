"""Sessions and paths, with ties in time and repeated pages, against the definitions in plain Python."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.insights import visits_oracle as oracle
from tests.insights.checking import CHECKED
from tests.insights.oracle import Asked
from tests.insights.reading import NOON, Happened, Reader, millis, put
from tests.insights.test_against_oracle import DAY, HOUR, MINUTE, ZONES, in_millis, range_of
from tests.insights.visits_oracle import AskedPaths
from tests.insights.web_oracle import people

from pulseboard.kit.ids import new_id

START = millis(NOON) - 3 * DAY
PAGES = ("", "https://a.example/", "https://a.example/it's", "https://b.example/", "https://a.example/ü?q=1")
LABELS = ("(not set)", "a.example/", "a.example/it's", "b.example/", "nobody was here")
NAMES = ("visit", "signup", "Other", "ü")
TIMES = st.sampled_from([0, 0, 1, 2, MINUTE, 2 * MINUTE, HOUR, DAY - 1, DAY, 2 * DAY])

VISITED = st.builds(
    Happened,
    at=TIMES.map(lambda after: START + after),
    name=st.sampled_from(NAMES),
    type=st.sampled_from(["PAGE_VIEW", "page_view", "PAGE_VIEW", "CUSTOM", "ERROR"]),
    person=st.sampled_from([0, 1, 2, 3]),
    session=st.sampled_from([0, 1, 2, 3, 4, 5, 2**32 - 1]),
    properties=st.sampled_from(PAGES).map(lambda url: {"url": url} if url else {}),
    bot=st.sampled_from([False, False, False, True]),
    id=st.builds(new_id),
)
BOTS = st.sampled_from(["without", "with", "only"])
events_of_visits = st.lists(VISITED, min_size=15, max_size=40) | st.lists(VISITED, max_size=6)
PERIODS = st.builds(
    Asked,
    st.sampled_from([START - HOUR, START, START + 1]),
    st.sampled_from([START + 2, START + HOUR, START + DAY, START + 3 * DAY]),
    st.sampled_from(ZONES),
)


@CHECKED
@given(events_of_visits, PERIODS, st.sampled_from(["hour", "day", "week", "month"]), st.integers(0, 3), BOTS)
def test_sessions_are_counted_measured_and_have_edges(
    reader: Reader, events: list[Happened], period: Asked, interval: str, top: int, bots: str
) -> None:
    project = new_id()
    put(reader.store, project, events)
    events = people(events, bots)
    answer = reader.post("/insights/sessions", project, interval=interval, limit=top, bots=bots, **range_of(period))
    assert (answer.pop("interval"), answer.pop("meta")["lagSeconds"]) == (interval, 1.5)
    starts = [at for at, _ in in_millis(answer["points"], "sessions")]
    points = [{**point, "t": at} for point, at in zip(answer["points"], starts, strict=True)]
    assert {**answer, "points": points} == oracle.sessions(events, period, interval, top)
    assert sum(point["sessions"] for point in points) == answer["sessions"]


@st.composite
def questions(draw: st.DrawFn) -> AskedPaths:
    steps = draw(st.sampled_from(["pages", "events"]))
    edge = draw(st.sampled_from(LABELS if steps == "pages" else NAMES))
    side = draw(st.sampled_from(["start", "end", "neither"]))
    return AskedPaths(
        steps=steps,
        within=draw(st.sampled_from(["session", "user"])),
        start=edge if side == "start" else None,
        end=edge if side == "end" else None,
        levels=draw(st.integers(1, 5)),
        limit=draw(st.integers(1, 4)),
    )


def body_of(asked: AskedPaths) -> dict[str, Any]:
    edges = {key: value for key, value in (("start", asked.start), ("end", asked.end)) if value is not None}
    return {"steps": asked.steps, "within": asked.within, "levels": asked.levels, "limit": asked.limit, **edges}


@CHECKED
@given(events_of_visits, PERIODS, st.lists(questions(), min_size=1, max_size=4), BOTS)
def test_paths_have_the_most_frequent_steps_of_each_level_and_every_link(
    reader: Reader, events: list[Happened], period: Asked, asks: list[AskedPaths], bots: str
) -> None:
    project = new_id()
    put(reader.store, project, events)
    events = people(events, bots)
    for asked in asks:
        answer = reader.post("/insights/paths", project, bots=bots, **body_of(asked), **range_of(period))
        nodes, links = oracle.paths(events, asked, period)
        found = [(node["level"], node["label"], node["other"], node["count"]) for node in answer["nodes"]]
        assert found == nodes
        names = {node["id"]: (node["level"], node["label"], node["other"]) for node in answer["nodes"]}
        ends = ("target", "source") if asked.end else ("source", "target")
        counted = {(names[link[ends[0]]], names[link[ends[1]]]): link["count"] for link in answer["links"]}
        assert counted == links
        assert len(counted) == len(answer["links"])


def test_what_programs_did_is_left_out_of_sessions_and_paths_unless_it_is_asked_for(reader: Reader) -> None:
    project = new_id()
    mine = Happened(START, type="PAGE_VIEW", session=1, person=1, properties={"url": "https://a.example/"})
    crawled = Happened(START, type="PAGE_VIEW", session=2, properties={"url": "https://a.example/robots"}, bot=True)
    put(reader.store, project, [mine, crawled])
    asked = Asked(START, START + DAY, "UTC")
    for bots, count in (({}, 1), ({"bots": "with"}, 2), ({"bots": "only"}, 1)):
        found = reader.post("/insights/sessions", project, **bots, **range_of(asked))
        nodes = reader.post("/insights/paths", project, **bots, **range_of(asked))["nodes"]
        assert (found["sessions"], len(found["entries"]), len(nodes)) == (count, count, count)
    refused = reader.send("/insights/sessions", project, bots="some", **range_of(asked))
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "bots")
