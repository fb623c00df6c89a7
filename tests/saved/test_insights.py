"""Saved insights over HTTP: a question under a name, and its answer."""

import pytest
from tests.saved.conftest import EVENTS, Caller
from tests.saved.test_segments import paths

SPEC = {"range": "7d", "interval": "day", "series": [{"event": "visit"}, {"metric": "users"}], "formula": "A / B"}


def test_an_insight_from_making_to_deleting(alice: Caller) -> None:
    made = alice.make("/insights", name="Visits each", kind="trends", spec=SPEC)
    assert made == made | {"name": "Visits each", "kind": "trends", "spec": SPEC, "description": ""}
    assert made["createdBy"]
    assert alice.call("GET", f"/insights/{made['id']}").json() == made
    assert made in alice.call("GET", "/insights", kind="trends").json()["items"]
    assert made not in alice.call("GET", "/insights", kind="funnel").json()["items"]
    changed = alice.call("PATCH", f"/insights/{made['id']}", {"name": "Renamed", "spec": {}}).json()
    assert changed == made | {"name": "Renamed", "spec": {}, "updatedAt": changed["updatedAt"]}
    assert alice.call("DELETE", f"/insights/{made['id']}").status_code == 204
    assert alice.call("GET", f"/insights/{made['id']}").status_code == 404


def test_its_result_is_what_the_route_of_its_kind_answers(alice: Caller) -> None:
    saved = alice.make("/insights", name="Answer", kind="trends", spec=SPEC)["id"]
    answer = alice.call("GET", f"/insights/{saved}/result").json()
    fresh = alice.http.post(
        "/api/v1/insights/trends", json={"projectId": alice.project, **SPEC}, headers=alice.headers
    ).json()
    assert answer == {"id": saved, "name": "Answer", "kind": "trends", "result": answer["result"]}
    for each in (answer["result"], fresh):
        each.pop("meta")
    assert answer["result"] == fresh
    assert [line["total"] for line in fresh["series"]] == [20, 7]
    assert fresh["formulaSeries"][0]["total"] == pytest.approx(20 / 7)


def test_a_result_of_another_range_or_zone_takes_the_place_of_its_own(alice: Caller) -> None:
    saved = alice.make("/insights", name="Moved", kind="trends", spec=SPEC)["id"]

    def result(**params: str) -> dict[str, list[dict[str, int]]]:
        answer = alice.call("GET", f"/insights/{saved}/result", **params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["result"])

    assert result(**{"from": "2020-01-01", "to": "2020-01-03"})["series"][0]["total"] == 0
    assert len(result(**{"from": "2020-01-01", "to": "2020-01-03"})["series"][0]["points"]) == 2  # type: ignore[arg-type]
    assert result(range="1h", timezone="Asia/Kathmandu")["series"][0]["total"] == 20
    assert paths(alice.call("GET", f"/insights/{saved}/result", range="soon")) == ["range"]


def test_funnels_can_be_kept_too(alice: Caller) -> None:
    spec = {"range": "7d", "steps": [{"event": "visit"}, {"event": "signup"}]}
    saved = alice.make("/insights", name="Steps", kind="funnel", spec=spec)["id"]
    steps = alice.call("GET", f"/insights/{saved}/result").json()["result"]["steps"]
    assert [step["event"] for step in steps] == ["visit", "signup"]
    turned = alice.call("PATCH", f"/insights/{saved}", {"kind": "trends"})
    assert paths(turned) == ["spec.steps"]


def test_an_insight_of_another_project_is_none(alice: Caller, charlie: Caller) -> None:
    hers = alice.make("/insights", name="Hers", kind="trends", spec={})["id"]
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/result")):
        body = {} if method == "PATCH" else None
        assert charlie.call(method, f"/insights/{hers}{path}", body).status_code == 404
    assert alice.call("GET", f"/insights/{hers}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        ("poem", {}, "kind"),
        ("trends", {"serie": []}, "spec.serie"),
        ("trends", {"series": []}, "spec.series"),
        ("trends", {"series": [{"metric": "love"}]}, "spec.series.0.metric"),
        ("trends", {"projectId": "x"}, "spec.projectId"),
        ("trends", {"range": "soon"}, "spec.range"),
        ("trends", {"filters": [{"property": "a"}]}, "spec.filters.0.operator"),
        ("trends", {"formula": "A +"}, "spec.formula"),
        ("trends", {"limit": 0}, "spec.limit"),
        ("trends", {"series": [{"label": 7}]}, "spec.series.0.label"),
        ("funnel", {}, "spec.steps"),
    ],
)
def test_a_wrong_question_is_refused_by_name(alice: Caller, kind: str, spec: object, path: str) -> None:
    assert paths(alice.call("POST", "/insights", {"name": "x", "kind": kind, "spec": spec})) == [path]


def test_what_alice_keeps_is_about_her_events(alice: Caller, charlie: Caller) -> None:
    assert alice.read().json()["totalEvents"] == len(EVENTS)
    saved = charlie.make("/insights", name="His", kind="trends", spec={})["id"]
    assert charlie.call("GET", f"/insights/{saved}/result").json()["result"]["series"][0]["total"] == 0
