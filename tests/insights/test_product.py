"""Funnels, retention, sessions and paths by example: what a body may say, and what stands behind a number."""

from typing import Any

import pytest
from tests.insights.reading import NOON, Happened, Reader, millis, put
from tests.insights.test_isolation import ATTEMPTS

from pulseboard.kit.ids import new_id

NOW = millis(NOON)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
INSIGHTS = ("funnel", "funnel/users", "retention", "retention/users", "churn", "sessions", "paths")
VISIT: list[dict[str, Any]] = [{"event": "visit"}]


def needed(insight: str) -> dict[str, Any]:
    """The least that each body must say."""
    match insight:
        case "funnel":
            return {"steps": VISIT}
        case "funnel/users":
            return {"steps": VISIT, "step": 1}
        case "retention/users":
            return {"cohort": "2026-03-09", "k": 0}
        case _:
            return {}


def refused(reader: Reader, insight: str, project: str, **body: object) -> list[str]:
    answer = reader.send(f"/insights/{insight}", project, **needed(insight) | body)
    assert answer.status_code == 422, answer.text
    return [error["path"] for error in answer.json()["errors"]]


def steps(*names: str) -> list[dict[str, Any]]:
    return [{"event": name} for name in names]


@pytest.mark.parametrize("insight", INSIGHTS)
@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"rnage": "7d"}, "rnage"),
        ({"range": "7x"}, "range"),
        ({"range": 7}, "range"),
        ({"range": "7d", "from_": "2026-01-01"}, "range"),
        ({"from_": "yesterday"}, "from"),
        ({"to": "1970-01-02"}, "to"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"filters": 7}, "filters"),
        ({"filters": {"property": "plan", "operator": "set", "valu": 1}}, "filters.valu"),
        ({"filters": [{"property": "plan", "operator": "like"}]}, "filters.0.operator"),
        ({"projectId": 7}, "projectId"),
    ],
)
def test_a_wrong_shared_member_is_named(
    reader: Reader, project: str, insight: str, body: dict[str, object], named: str
) -> None:
    assert refused(reader, insight, project, **body) == [named]


@pytest.mark.parametrize(
    ("insight", "body", "named"),
    [
        ("funnel", {"steps": []}, "steps"),
        ("funnel", {"steps": VISIT * 11}, "steps"),
        ("funnel", {"steps": [{"name": "visit"}]}, "steps.0.name"),
        ("funnel", {"steps": [{"filters": []}]}, "steps.0.event"),
        ("funnel", {"steps": [{"event": ""}]}, "steps.0.event"),
        ("funnel", {"steps": [{"event": "n" * 1_001}]}, "steps.0.event"),
        ("funnel", {"steps": [*VISIT, {"event": "x", "filters": [7]}]}, "steps.1.filters.0"),
        ("funnel", {"window": "0d"}, "window"),
        ("funnel", {"window": "soon"}, "window"),
        ("funnel", {"order": "sideways"}, "order"),
        ("funnel", {"breakdown": ""}, "breakdown"),
        ("funnel", {"order": "any", "steps": VISIT * 6}, "steps"),
        ("funnel/users", {"step": 2}, "step"),
        ("funnel/users", {"step": 0}, "step"),
        ("funnel/users", {"limit": 201}, "limit"),
        ("funnel/users", {"cursor": "x"}, "cursor"),
        ("funnel/users", {"cursor": "4294967295"}, "cursor"),
        ("funnel/users", {"cursor": "²"}, "cursor"),
        ("retention", {"period": "hour"}, "period"),
        ("retention", {"period": "day", "range": "300d"}, "period"),
        ("retention", {"startEvent": ""}, "startEvent"),
        ("retention", {"returnFilters": [{"property": "", "operator": "set"}]}, "returnFilters.0.property"),
        ("retention", {"cohorts": "all"}, "cohorts"),
        ("retention/users", {"cohort": "2026-03-10"}, "cohort"),
        ("retention/users", {"cohort": "monday"}, "cohort"),
        ("retention/users", {"k": 1}, "k"),
        ("retention/users", {"k": -1}, "k"),
        ("churn", {"event": "n" * 1_001}, "event"),
        ("churn", {"period": "day", "range": "300d"}, "period"),
        ("sessions", {"interval": "year"}, "interval"),
        ("sessions", {"interval": "minute", "range": "30d"}, "interval"),
        ("sessions", {"limit": -1}, "limit"),
        ("paths", {"start": "a", "end": "b"}, "end"),
        ("paths", {"start": ""}, "start"),
        ("paths", {"levels": 11}, "levels"),
        ("paths", {"steps": "clicks"}, "steps"),
        ("paths", {"within": "year"}, "within"),
    ],
)
def test_an_insights_own_wrong_member_is_named(
    reader: Reader, project: str, insight: str, body: dict[str, object], named: str
) -> None:
    assert refused(reader, insight, project, **body) == [named]


@pytest.mark.parametrize("insight", INSIGHTS)
def test_every_insight_says_how_fresh_it_is_and_knows_its_own_project_only(
    reader: Reader, project: str, insight: str
) -> None:
    stranger = [
        Happened(NOW - HOUR, "visit", "PAGE_VIEW", person=9, session=9, properties={"url": "https://x.example/"})
    ]
    put(reader.store, new_id(), stranger)
    answer = reader.post(f"/insights/{insight}", project, **needed(insight))
    assert answer.pop("meta")["lagSeconds"] == 1.5
    assert "user-9" not in str(answer)
    put(reader.store, project, stranger)
    changed = reader.post(f"/insights/{insight}", project, **needed(insight))
    changed.pop("meta")
    assert changed != answer


@pytest.mark.parametrize("word", ATTEMPTS)
def test_hostile_words_are_only_ever_compared(reader: Reader, project: str, word: str) -> None:
    mine = {"person": 1, "session": 1}
    put(
        reader.store,
        project,
        [Happened(NOW - 2, "visit", **mine), Happened(NOW - 1, word, properties={word: word}, **mine)],
    )
    filters = [{"property": "properties." + word, "operator": "is", "value": word}]
    both = [*VISIT, {"event": word, "filters": filters}]
    funnel = reader.post("/insights/funnel", project, steps=both, breakdown="properties." + word)
    assert [step["users"] for step in funnel["steps"]] == [1, 1]
    flipped = reader.post("/insights/funnel", project, steps=both[::-1], breakdown="properties." + word)
    assert [(line["label"], line["steps"][0]["users"]) for line in flipped["breakdown"]] == [(word, 1)]
    retention = reader.post("/insights/retention", project, startEvent=word, returnEvent=word, returnFilters=filters)
    assert [cohort["retained"][0] for cohort in retention["cohorts"] if cohort["size"]] == [1]
    paths = reader.post("/insights/paths", project, steps="events", end=word)
    assert [node["label"] for node in paths["nodes"]] == [word, "visit"]


def test_the_window_is_inclusive_one_event_is_one_step_and_the_same_instant_counts(
    reader: Reader, project: str
) -> None:
    put(
        reader.store,
        project,
        [
            *(Happened(NOW - DAY + after, "visit", person=1) for after in (0, MINUTE)),
            *(Happened(NOW - DAY + after, "visit", person=2) for after in (0, MINUTE + 1)),
            *(Happened(NOW - DAY, "visit", person=3) for _ in range(2)),
            Happened(NOW - DAY, "visit", person=4),
        ],
    )
    answer = reader.post("/insights/funnel", project, steps=VISIT * 2, window="1m")
    assert [step["users"] for step in answer["steps"]] == [4, 2]
    assert answer["conversionRate"] == 0.5
    assert answer["steps"][1]["medianSecondsFromPrevious"] == 30  # of 60 and 0
    assert answer["timeToConvert"]["distribution"] == [
        {"fromSeconds": 0, "toSeconds": 10, "users": 1},
        {"fromSeconds": 60, "toSeconds": 120, "users": 1},
    ]


def test_of_one_instant_the_events_are_shared_out_so_that_the_chain_is_longest(reader: Reader, project: str) -> None:
    """One visit came before; the other visit and the signup share an instant, and only visit, signup, visit fits."""
    put(
        reader.store,
        project,
        [Happened(NOW - 5, "visit", person=1), *(Happened(NOW - 1, name, person=1) for name in ("visit", "signup"))],
    )
    answer = reader.post("/insights/funnel", project, steps=steps("visit", "signup", "visit"))
    assert [step["users"] for step in answer["steps"]] == [1, 1, 1]
    four = reader.post("/insights/funnel", project, steps=steps("visit", "signup", "visit", "signup"))
    assert [step["users"] for step in four["steps"]] == [1, 1, 1, 0]


@pytest.mark.parametrize("names", [("signup", "visit"), ("visit", "signup")])
@pytest.mark.parametrize("before", ["visit", "signup"])
def test_of_chains_in_any_order_that_are_complete_at_one_instant_the_shortest_is_timed(
    reader: Reader, project: str, names: tuple[str, str], before: str
) -> None:
    """With what came a minute before either of two events completes the chain; together they are a shorter one."""
    put(
        reader.store,
        project,
        [Happened(NOW - HOUR, before, person=1), *(Happened(NOW - HOUR + MINUTE, name, person=1) for name in names)],
    )
    answer = reader.post("/insights/funnel", project, steps=steps(*names), order="any")
    assert [step["users"] for step in answer["steps"]] == [1, 1]
    assert answer["timeToConvert"] == {
        "medianSeconds": 0,
        "distribution": [{"fromSeconds": 0, "toSeconds": 10, "users": 1}],
    }


def test_another_event_on_the_way_breaks_a_strict_funnel_only(reader: Reader, project: str) -> None:
    put(
        reader.store,
        project,
        [
            *(Happened(NOW - 9 + i, name, person=1) for i, name in enumerate(("visit", "help", "signup"))),
            *(Happened(NOW - 9 + i, name, person=2) for i, name in enumerate(("help", "visit", "signup", "help"))),
            *(Happened(NOW - 9 + i, name, person=3) for i, name in enumerate(("signup", "visit"))),
        ],
    )
    found = {}
    for order in ("ordered", "strict", "any"):
        answer = reader.post("/insights/funnel", project, steps=steps("visit", "signup"), order=order)
        found[order] = [step["users"] for step in answer["steps"]]
    assert found == {"ordered": [3, 2], "strict": [3, 1], "any": [3, 3]}


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
def test_ten_steps_are_no_trouble(reader: Reader, project: str, order: str) -> None:
    names = ["visit", "signup"] * 5
    put(reader.store, project, [Happened(NOW - 9, name, person=1) for name in names])
    put(reader.store, project, [Happened(NOW - 9 + i, name, person=2) for i, name in enumerate(names[1:])])
    for breakdown in ({}, {"breakdown": "userId"}):
        answer = reader.post("/insights/funnel", project, steps=steps(*names), order=order, **breakdown)
        assert [step["users"] for step in answer["steps"]] == [2] * 8 + [1] * 2


def test_a_funnels_breakdown_has_ten_values_and_the_rest(reader: Reader, project: str) -> None:
    put(
        reader.store,
        project,
        [
            Happened(NOW - 9 + step, name, person=person, properties={"plan": f"plan {min(person, 12):02}"})
            for person in range(1, 14)
            for step, name in enumerate(("visit", "signup")[: 1 + person % 2])
        ],
    )
    lines = reader.post("/insights/funnel", project, steps=steps("visit", "signup"), breakdown="plan")["breakdown"]
    assert [line["label"] for line in lines] == ["plan 12", *(f"plan {i:02}" for i in range(1, 10)), "Other"]
    assert [line["steps"][0]["users"] for line in lines] == [2] + [1] * 9 + [2]
    assert lines[-1]["steps"][1]["users"] == 1


def test_the_users_behind_a_number_come_page_by_page(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW - HOUR + person, "visit", person=person) for person in range(1, 6)])
    put(reader.store, project, [Happened(NOW - MINUTE, "signup", person=person) for person in (2, 4)])
    asked = {"steps": steps("visit", "signup"), "step": 1}
    first = reader.post("/insights/funnel/users", project, limit=2, **asked)
    assert [(item["userId"], item["firstSeenAt"]) for item in first["items"]] == [
        ("user-1", "2026-03-10T11:00:00.001Z"),
        ("user-3", "2026-03-10T11:00:00.003Z"),
    ]
    rest = reader.post("/insights/funnel/users", project, limit=2, cursor=first["nextCursor"], **asked)
    assert ([item["userId"] for item in rest["items"]], rest["total"], rest["nextCursor"]) == (["user-5"], 3, None)
    everybody = reader.post("/insights/funnel/users", project, dropped=False, **asked)
    assert everybody["total"] == 5
    cell = {"startEvent": "visit", "returnEvent": "signup", "cohort": "2026-03-09", "k": 0, "limit": 1}
    back = reader.post("/insights/retention/users", project, **cell)
    assert ([item["userId"] for item in back["items"]], back["total"]) == (["user-2"], 2)
    more = reader.post("/insights/retention/users", project, cursor=back["nextCursor"], **cell)
    assert ([item["userId"] for item in more["items"]], more["nextCursor"]) == (["user-4"], None)


def test_a_last_person_of_all_has_no_page_after(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW - 1, "visit", person=2**32 - 1)])
    page = reader.post("/insights/funnel/users", project, steps=VISIT, step=1, cursor=str(2**32 - 2))
    assert [item["userId"] for item in page["items"]] == [f"user-{2**32 - 1}"]
    cell = {"cohort": "2026-03-09", "k": 0, "cursor": str(2**32 - 2)}
    assert len(reader.post("/insights/retention/users", project, **cell)["items"]) == 1


def test_who_started_before_the_range_is_in_no_cohort_of_first_evers(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW - 400 * DAY, "open", person=1), Happened(NOW - DAY, "open", person=2)])
    put(reader.store, project, [Happened(NOW - DAY, "open", person=1)])

    def sizes(cohorts: str) -> list[int]:
        asked = {"range": "7d", "startEvent": "open", "cohorts": cohorts, "period": "day"}
        answer = reader.post("/insights/retention", project, **asked)
        return [cohort["size"] for cohort in answer["cohorts"] if cohort["size"]]

    assert (sizes("first"), sizes("first_ever")) == ([2], [1])


def test_a_person_with_very_many_events_is_no_trouble(reader: Reader, project: str) -> None:
    fill = """
    INSERT INTO events (project_id, id, name, timestamp, received_at, person, session)
    SELECT {project:UUID}, toString(number), if(number % 3 = 2, 'signup', 'visit'),
        toDateTime64('2026-03-09', 3, 'UTC') + toIntervalMillisecond(number * 100), now64(3), 1, 1
    FROM numbers(300000)
    """
    reader.store.command(fill, {"project": project})
    for order in ("ordered", "strict", "any"):
        many = steps("visit", "signup", "visit", "visit")
        answer = reader.post("/insights/funnel", project, steps=many, order=order, to="2026-03-11")
        assert [step["users"] for step in answer["steps"]] == [1, 1, 1, 1]
    asked = {"steps": "events", "to": "2026-03-11"}
    nodes = reader.post("/insights/paths", project, **asked)["nodes"]
    assert [node["label"] for node in nodes] == ["visit", "signup"] * 3
