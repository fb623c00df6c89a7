"""Funnels of every order, with ties, doubles and shared steps, against the definition in plain Python."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.insights import funnel_oracle as oracle
from tests.insights.checking import CHECKED
from tests.insights.funnel_oracle import AskedFunnel
from tests.insights.oracle import Asked
from tests.insights.reading import NOON, Happened, Reader, millis, put
from tests.insights.test_against_oracle import range_of

from pulseboard.kit.ids import new_id

MINUTE, HOUR = 60_000, 3_600_000
START = millis(NOON) - 48 * HOUR
NAMES = ("visit", "signup", "it's")
# Few moments, so that many events share one, and pairs that are exactly a window apart or one millisecond more.
TIMES = st.sampled_from([0, 0, 1, MINUTE, MINUTE, MINUTE + 1, 2 * MINUTE, HOUR, HOUR + MINUTE, 40 * HOUR])
WINDOWS = {"1m": MINUTE, "2m": 2 * MINUTE, "1h": HOUR, "2h": 2 * HOUR, "1d": 24 * HOUR, "9w": 63 * 24 * HOUR}
PLANS = st.sampled_from([{}, {"plan": "pro"}, {"plan": "free"}, {"plan": "pro", "seats": 3}])
PRO = {"property": "plan", "operator": "is", "value": "pro"}
MANY = {"property": "seats", "operator": "greater", "value": 2}


def crowds() -> st.SearchStrategy[list[Happened]]:
    one = st.builds(
        Happened,
        at=TIMES.map(lambda after: START + after),
        name=st.sampled_from([*NAMES[:2], *NAMES]),
        type=st.just("CUSTOM"),
        person=st.sampled_from([0, 1, 1, 1, 2, 2, 3, 2**32 - 1]),
        session=st.just(0),
        properties=PLANS,
        id=st.builds(new_id),
    )
    return st.lists(one, min_size=12, max_size=22) | st.lists(one, max_size=8)


def funnels() -> st.SearchStrategy[tuple[AskedFunnel, str]]:
    filters = st.sampled_from([[], [], [], [PRO], [MANY]])
    step = st.fixed_dictionaries({"event": st.sampled_from([*NAMES[:2], *NAMES]), "filters": filters})
    made = st.builds(
        AskedFunnel,
        steps=st.lists(step, min_size=1, max_size=4),
        window=st.sampled_from([MINUTE, *WINDOWS.values()]),
        order=st.sampled_from(["ordered", "strict", "any"]),
        filters=st.sampled_from([[], [], [], [PRO]]),
    )
    return st.tuples(made, st.sampled_from(["plan", "name", "userId"]))


def body_of(asked: AskedFunnel) -> dict[str, Any]:
    window = next(word for word, length in WINDOWS.items() if length == asked.window)
    return {"steps": asked.steps, "window": window, "order": asked.order, "filters": asked.filters}


PERIODS = st.sampled_from(
    [
        Asked(START - 1, START + 50 * HOUR),
        Asked(START, START + 2 * HOUR),
        Asked(START + 1, START + HOUR + 1),
        Asked(START + 3 * HOUR, START + 4 * HOUR),  # nothing happens
    ]
)


@CHECKED
@given(crowds(), st.lists(funnels(), min_size=1, max_size=3), PERIODS)
def test_a_funnel_finds_the_best_chain_of_everybody(
    reader: Reader, events: list[Happened], questions: list[tuple[AskedFunnel, str]], period: Asked
) -> None:
    project = new_id()
    put(reader.store, project, events)
    for asked, key in questions:
        body = body_of(asked) | range_of(period)
        answer = reader.post("/insights/funnel", project, **body)
        found = oracle.journeys(events, asked, period)
        assert answer.pop("breakdown") is None
        answer.pop("meta")
        assert answer == oracle.funnel(list(found.values()), asked)
        users = [step["users"] for step in answer["steps"]]
        assert users == sorted(users, reverse=True)

        broken = reader.post("/insights/funnel", project, breakdown=key, **body)
        broken.pop("meta")
        lines = broken.pop("breakdown")
        assert broken == answer
        assert lines == oracle.groups(events, asked, period, key)
        for place, step in enumerate(answer["steps"]):
            assert step["users"] == sum(line["steps"][place]["users"] for line in lines)

        step, dropped = 1 + len(events) % len(asked.steps), bool(len(events) & 4)
        wanted = {
            f"user-{person}"
            for person, each in found.items()
            if each.level == step or (each.level > step and not dropped)
        }
        page = reader.post("/insights/funnel/users", project, step=step, dropped=dropped, **body)
        assert {item["userId"] for item in page["items"]} == wanted
        assert (page["total"], page["nextCursor"]) == (len(wanted), None)
