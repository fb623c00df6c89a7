"""What an owner reads about what comes to a project."""

import time
from typing import Any

import pytest
from tests.control.cast import App, Person
from tests.ledger.accounts import brought, tally

from pulseboard.kit.ids import new_id
from pulseboard.kit.periods import DAY, HOUR, hour_of
from pulseboard.ledger import IMPORTS, OWN, VISITORS, Brought, Refusal

MINUTE = 60_000


def enter(app: App, what: Brought) -> None:
    """A batch of its own."""
    batch = new_id()
    app.ledger.record(batch, batch, what)


def ingestion(person: Person, project: str, **params: str | int) -> dict[str, Any]:
    answer = person.get(f"/api/v1/projects/{project}/ingestion", **params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def now() -> int:
    return int(time.time() * 1000)


def counts_of(found: dict[str, Any]) -> dict[str, int]:
    names = ("accepted", "stored", "deduplicated", "late", "refused", "bytes")
    return {name: found[name] for name in names}


NOTHING = {"accepted": 0, "stored": 0, "deduplicated": 0, "late": 0, "refused": 0, "bytes": 0}


def test_a_project_to_which_nothing_came_has_zeros_its_keys_and_every_bucket(alice: Person) -> None:
    project = alice.project()["id"]
    key = alice.key(project)
    found = ingestion(alice, project, range="24h")
    assert counts_of(found["totals"]) == NOTHING
    assert found["totals"]["lastReceivedAt"] is None
    (source,) = found["sources"]
    assert (source["source"], source["label"], source["prefix"]) == (key["id"], "backend", key["prefix"])
    assert (source["kind"], source["status"], source["lastReceivedAt"]) == ("key", "active", None)
    assert counts_of(source) == NOTHING
    assert (found["refused"], found["notices"], found["interval"]) == ([], [], "hour")
    assert len(found["points"]) in (24, 25)


def test_what_came_is_told_in_all_by_source_and_by_hour(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    key, other = alice.key(project)["id"], alice.key(project, "ingest")["id"]
    at = now() - 2 * HOUR
    enter(app, brought(project, key, at=at, counts=tally(10, 7, 2, 500)))
    enter(app, brought(project, key, at=at + HOUR, counts=tally(5, 5, 0, 100)))
    enter(app, brought(project, VISITORS, at=at + HOUR, counts=tally(3, 3, 1, 30)))
    enter(app, brought(new_id(), key, at=at, counts=tally(1_000, 1_000)))
    found = ingestion(alice, project, range="24h")
    whole = {"accepted": 18, "stored": 15, "deduplicated": 3, "late": 3, "refused": 0, "bytes": 630}
    assert counts_of(found["totals"]) == whole
    assert [source["source"] for source in found["sources"]] == [key, VISITORS, other]
    assert counts_of(found["sources"][0])["deduplicated"] == 3
    assert found["sources"][1]["kind"] == "visitors"
    points = {point["t"]: point["accepted"] for point in found["points"] if point["accepted"]}
    assert list(points.values()) == [10, 8]
    assert (found["meta"]["deduplicated"], found["meta"]["late"]) == (3, 3)


def test_only_hours_of_the_range_count_and_the_answer_says_which(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    noon = hour_of(now()) * HOUR - 24 * HOUR
    for offset in range(-2, 3):
        enter(app, brought(project, at=noon + offset * HOUR, counts=tally(10 ** (offset + 2), 0)))
    found = ingestion(alice, project, **{"from": iso(noon), "to": iso(noon + HOUR)})
    assert found["totals"]["accepted"] == 100
    assert (found["countedFrom"], found["countedTo"]) == (iso(noon), iso(noon + HOUR))
    found = ingestion(alice, project, **{"from": iso(noon - 1), "to": iso(noon + HOUR + 1)})
    assert found["totals"]["accepted"] == 1_110
    assert (found["countedFrom"], found["countedTo"]) == (iso(noon - HOUR), iso(noon + 2 * HOUR))


def test_refusals_come_with_their_reason_and_detail(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    key, hour = alice.key(project)["id"], hour_of(now())
    app.ledger.refuse({Refusal(project, key, hour, "invalid"): 3, Refusal(project, key, hour - 1, "invalid"): 2})
    app.ledger.refuse({Refusal(project, VISITORS, hour, "schema", "signup"): 7})
    found = ingestion(alice, project, range="24h")
    assert found["totals"]["refused"] == 12
    assert found["refused"] == [
        {"reason": "schema", "detail": "signup", "events": 7, "lastHour": iso(hour * HOUR)},
        {"reason": "invalid", "detail": None, "events": 5, "lastHour": iso(hour * HOUR)},
    ]
    assert {source["source"]: source["refused"] for source in found["sources"]} == {VISITORS: 7, key: 5}
    assert sum(point["refused"] for point in found["points"]) == 12


def test_events_that_are_kept_with_a_warning_are_not_refused(app: App, alice: Person) -> None:
    project, hour = alice.project()["id"], hour_of(now())
    app.ledger.refuse({Refusal(project, VISITORS, hour, "schema-warning", "signup"): 4})
    app.ledger.refuse({Refusal(project, VISITORS, hour, "schema-violation"): 2})
    found = ingestion(alice, project, range="24h")
    assert (found["totals"]["refused"], [each["reason"] for each in found["refused"]]) == (2, ["schema-violation"])
    (warning,) = found["warnings"]
    assert (warning["reason"], warning["detail"], warning["events"]) == ("schema-warning", "signup", 4)


def test_revoked_and_deleted_keys_are_still_told(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    keys = [alice.key(project)["id"] for _ in range(2)]
    for number, key in enumerate(keys):
        enter(app, brought(project, key, at=now(), counts=tally(number + 1, 1)))
    url = f"/api/v1/projects/{project}/api-keys"
    alice.patch(f"{url}/{keys[0]}", {"status": "revoked"})
    alice.delete(f"{url}/{keys[1]}")
    found = {source["source"]: source for source in ingestion(alice, project, range="24h")["sources"]}
    assert [found[key]["status"] for key in keys] == ["revoked", "deleted"]
    assert [found[key]["accepted"] for key in keys] == [1, 2]
    assert (found[keys[1]]["label"], found[keys[1]]["prefix"]) == (None, None)


def test_a_deleted_key_of_long_ago_is_not_told_any_more(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    enter(app, brought(project, new_id(), at=now() - 3 * DAY))
    assert ingestion(alice, project, range="24h")["sources"] == []
    assert len(ingestion(alice, project, range="7d")["sources"]) == 1


def test_imports_and_pulseboard_itself_are_sources_of_their_own(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    for source in (IMPORTS, OWN):
        enter(app, brought(project, source, at=now()))
    kinds = {source["kind"] for source in ingestion(alice, project, range="24h")["sources"]}
    assert kinds == {"import", "own"}


def steady(app: App, project: str, source: str, last: int) -> None:
    """Two days of an event every ten minutes, up to ``last``."""
    moments = set(range(last - 2 * DAY, last + 1, 10 * MINUTE))
    enter(app, brought(project, source, at=last)._replace(arrivals={(project, source): moments}))


def test_a_source_that_stopped_says_since_when(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    key, fine, revoked = (alice.key(project)["id"] for _ in range(3))
    stopped = now() - HOUR
    for source, last in ((key, stopped), (fine, now() - MINUTE), (IMPORTS, stopped), (revoked, stopped)):
        steady(app, project, source, last)
    alice.patch(f"/api/v1/projects/{project}/api-keys/{revoked}", {"status": "revoked"})
    found = {source["source"]: source for source in ingestion(alice, project, range="24h")["sources"]}
    assert found[key]["silentSince"] == found[key]["lastReceivedAt"] == iso(stopped)
    assert found[key]["firstReceivedAt"] == iso(stopped - 2 * DAY)
    assert found[key]["longestPauseSeconds"] == 600
    assert [found[source]["silentSince"] for source in (fine, IMPORTS, revoked)] == [None] * 3


def test_days_are_cut_in_the_asked_zone_else_in_the_projects(app: App, alice: Person) -> None:
    project = alice.project(timezone="America/New_York")["id"]
    found = ingestion(alice, project, range="30d")
    assert found["interval"] == "day"
    assert {point["t"][11:13] for point in found["points"]} <= {"04", "05"}
    found = ingestion(alice, project, range="30d", timezone="UTC", interval="day")
    assert {point["t"][11:] for point in found["points"]} == {"00:00:00.000Z"}


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"range": "month"}, "range"),
        ({"range": "7d", "from": "2026-01-01"}, "range"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"interval": "minute"}, "interval"),
        ({"interval": ""}, "interval"),
        ({"from": "1970-01-01", "interval": "hour"}, "interval"),
        ({"from": "1970-01-01", "interval": "day"}, "interval"),
        ({"project": "x"}, "project"),
    ],
)
def test_a_wrong_parameter_is_named(alice: Person, params: dict[str, str], named: str) -> None:
    project = alice.project()["id"]
    answer = alice.get(f"/api/v1/projects/{project}/ingestion", **params)
    assert answer.status_code == 422, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == [named]


def test_the_interface_says_what_its_numbers_mean(app: App) -> None:
    schemas = app.http.get("/openapi.json").json()["components"]["schemas"]
    assert "`deduplicated` and `late` count what was received in the hours" in schemas["MetaOut"]["description"]
    assert "longer than twice that pause" in schemas["SourceOut"]["description"]
    assert schemas["SourceOut"]["properties"]["lastUsedAt"]["oneOf"][0]["format"] == "date-time"


def test_a_secret_key_reads_its_own_project_and_an_ingest_key_none(app: App, alice: Person, charlie: Person) -> None:
    project, his = alice.project()["id"], charlie.project()["id"]
    secret, ingest = alice.key(project)["key"], alice.key(project, "ingest")["key"]
    asked = [(project, secret, 200), (project, ingest, 403), (his, secret, 404)]
    for path in ("ingestion", "catalog"):
        for owner, key, status in asked:
            answer = app.http.get(f"/api/v1/projects/{owner}/{path}", headers={"x-api-key": key})
            assert answer.status_code == status, answer.text


def test_the_catalogue_lists_names_types_and_keys(app: App, alice: Person, charlie: Person) -> None:
    project = alice.project()["id"]
    at = now()
    enter(app, brought(project, at=at, names=(("buy", "CUSTOM"), ("oops", "ERROR")), keys=("plan",)))
    enter(app, brought(charlie.project()["id"], at=at, names=(("his", "CUSTOM"),), keys=("hers",)))
    found = alice.get(f"/api/v1/projects/{project}/catalog").json()
    hour = iso(hour_of(at) * HOUR)
    assert [(name["name"], name["type"]) for name in found["names"]] == [("buy", "CUSTOM"), ("oops", "ERROR")]
    assert found["types"] == ["CUSTOM", "ERROR"]
    assert found["properties"] == [{"key": "plan", "firstSeenAt": hour, "lastSeenAt": hour}]
    assert found["notices"] == []


def test_too_many_words_are_a_notice_for_a_week(app: App, alice: Person) -> None:
    for age, told in ((0, True), (8 * DAY, False)):
        project = alice.project()["id"]
        names = tuple((f"order-{number}", "CUSTOM") for number in range(3_000))
        enter(app, brought(project, at=now() - age, names=names))
        for path in ("ingestion", "catalog"):
            notices = alice.get(f"/api/v1/projects/{project}/{path}").json()["notices"]
            assert [notice["type"] for notice in notices] == (["too-many-names"] if told else [])
            for notice in notices:
                assert notice["limit"] == 2_000
                assert notice["beyond"] == pytest.approx(1_000, rel=0.02)
                assert all(example.startswith("order-") for example in notice["examples"])


def iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000)) + f".{at % 1000:03d}Z"
