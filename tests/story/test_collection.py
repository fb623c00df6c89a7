"""A project's own rules reach the writer of a running server."""

from typing import Any

from tests.story.conftest import Person, eventually


def stored(person: Person) -> list[dict[str, Any]]:
    answer = person.get("/api/v1/events", projectId=person.project_id)
    assert answer.status_code == 200, answer.text
    return [item["properties"] for item in answer.json()["items"]]


def test_what_alice_masks_is_stored_masked_and_what_she_does_not_is_not(alice: Person, charlie: Person) -> None:
    rules = {"mask": [{"property": "email", "action": "drop"}, {"property": "user.phone", "action": "hash"}]}
    url = f"/api/v1/projects/{alice.project_id}/collection"
    assert alice.http.put(url, json=rules, headers=alice.bearer).status_code == 200
    sent = {
        "email": "bob@example.com",
        "user": {"phone": "+49 151"},
        "message": "GET /?token=abc123 failed",
        "plan": "pro",
    }
    for person in (alice, charlie):
        assert person.send(name="signup", type="ERROR", properties=sent).status_code == 202
        eventually(lambda person=person: len(stored(person)), 1)
    [hers], [his] = stored(alice), stored(charlie)
    assert hers.pop("user")["phone"] not in ("", "+49 151")
    assert hers == {"message": "GET /?token=*** failed", "plan": "pro"}
    assert his == sent | {"message": "GET /?token=*** failed"}
