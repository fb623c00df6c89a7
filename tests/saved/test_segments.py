"""Segments over HTTP: named filters, in filters."""

import json

import pytest
from tests.saved.conftest import EVENTS, Caller

PRO = [{"property": "plan", "operator": "is", "value": "pro"}]
PROS = sum(event["properties"]["plan"] == "pro" for event in EVENTS)  # type: ignore[index]


def total(caller: Caller, filters: object) -> int:
    answer = caller.read(filters=json.dumps(filters))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["totalEvents"])


def paths(answer: object) -> list[str]:
    assert answer.status_code == 422, answer.text  # type: ignore[attr-defined]
    return [each["path"] for each in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_a_segment_from_making_to_deleting(alice: Caller) -> None:
    made = alice.make("/segments", name="Paying", filters=PRO)
    assert made == made | {"name": "Paying", "filters": PRO, "description": ""}
    assert alice.call("GET", f"/segments/{made['id']}").json() == made
    assert made in alice.call("GET", "/segments").json()["items"]
    changed = alice.call("PATCH", f"/segments/{made['id']}", {"name": "Pro", "description": "who pays"}).json()
    assert changed == made | {"name": "Pro", "description": "who pays", "updatedAt": changed["updatedAt"]}
    assert alice.call("DELETE", f"/segments/{made['id']}").status_code == 204
    assert alice.call("GET", f"/segments/{made['id']}").status_code == 404


def test_a_segment_keeps_what_its_filters_keep_also_beside_others_and_in_groups(alice: Caller) -> None:
    paying = alice.make("/segments", name="In use", filters=PRO)["id"]
    visits = {"property": "name", "operator": "is", "value": "visit"}
    assert total(alice, [{"segment": paying}]) == PROS == total(alice, {"segment": paying})
    assert total(alice, [{"segment": paying}, visits]) == 10
    assert total(alice, {"or": [{"segment": paying}, visits]}) == len(EVENTS)
    did = alice.make("/segments", name="Signed up", filters={"did": {"event": "signup", "times": 2}})["id"]
    assert 0 < total(alice, [{"segment": did}]) < len(EVENTS)


def test_a_changed_segment_keeps_something_else_from_then_on(alice: Caller) -> None:
    changing = alice.make("/segments", name="Changing", filters=PRO)["id"]
    before = total(alice, [{"segment": changing}])
    alice.call("PATCH", f"/segments/{changing}", {"filters": []})
    assert (before, total(alice, [{"segment": changing}])) == (PROS, len(EVENTS))


def test_segments_of_segments_end_somewhere(alice: Caller) -> None:
    inner = alice.make("/segments", name="Inner", filters=PRO)["id"]
    outer = alice.make("/segments", name="Outer", filters={"or": [{"segment": inner}]})["id"]
    assert total(alice, [{"segment": outer}]) == PROS
    for filters in ([{"segment": outer}], {"and": [{"or": [{"segment": outer}]}]}, [{"segment": inner}]):
        answer = alice.call("PATCH", f"/segments/{inner}", {"filters": filters})
        assert paths(answer)[0].endswith("segment")
        assert answer.json()["errors"][0]["message"] == "would be part of itself"
    assert total(alice, [{"segment": outer}]) == PROS


def test_a_segment_in_use_stays(alice: Caller) -> None:
    used = alice.make("/segments", name="Used", filters=PRO)["id"]
    user = alice.make("/segments", name="User", filters=[{"segment": used}])["id"]
    refused = alice.call("DELETE", f"/segments/{used}")
    assert (refused.status_code, refused.json()["detail"]) == (409, "The segment is used by User")
    alice.call("DELETE", f"/segments/{user}")
    asked = alice.make("/insights", name="Question", kind="trends", spec={"filters": [{"segment": used}]})["id"]
    assert alice.call("DELETE", f"/segments/{used}").status_code == 409
    alice.call("DELETE", f"/insights/{asked}")
    assert alice.call("DELETE", f"/segments/{used}").status_code == 204


def test_a_name_is_given_once_in_a_project(alice: Caller, charlie: Caller) -> None:
    alice.make("/segments", name="Once", filters=[])
    assert alice.call("POST", "/segments", {"name": "Once", "filters": []}).status_code == 409
    charlie.make("/segments", name="Once", filters=[])


def test_a_segment_of_another_project_is_none(alice: Caller, charlie: Caller) -> None:
    hers = alice.make("/segments", name="Hers", filters=PRO)["id"]
    assert paths(charlie.read(filters=json.dumps([{"segment": hers}]))) == ["filters.0.segment"]
    kept = {"name": "x", "filters": [{"segment": hers}]}
    assert paths(charlie.call("POST", "/segments", kept)) == ["filters.0.segment"]
    spec = {"series": [{"filters": [{"segment": hers}]}]}
    stolen = charlie.call("POST", "/insights", {"name": "x", "kind": "trends", "spec": spec})
    assert paths(stolen) == ["spec.series.0.filters.0.segment"]
    for method in ("GET", "PATCH", "DELETE"):
        assert charlie.call(method, f"/segments/{hers}", {} if method == "PATCH" else None).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "x", "filters": 7}, "filters"),
        ({"name": "x", "filters": [7]}, "filters.0"),
        ({"name": "x", "filters": {"or": []}}, "filters.or"),
        ({"name": "", "filters": []}, "name"),
        ({"name": " ", "filters": []}, "name"),
        ({"name": "x"}, "filters"),
        ({"name": "x", "filters": [], "filter": []}, "filter"),
    ],
)
def test_a_wrong_segment_is_refused_by_name(alice: Caller, body: object, path: str) -> None:
    assert paths(alice.call("POST", "/segments", body)) == [path]
