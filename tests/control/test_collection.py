"""What a project collects: who may see and change it, and what of a wrong body is named."""

import pytest
from tests.control.cast import App, Person, sign_up

from pulseboard.projects import Collected, Collecting, Collection, MaskRule

DEFAULT = {"keepAddress": False, "maskSecrets": True, "mask": [], "blockedAddresses": [], "blockedAgents": []}
RULES = {
    "keepAddress": True,
    "maskSecrets": False,
    "mask": [{"property": "user.email", "action": "hash"}, {"property": "note", "action": "drop"}],
    "blockedAddresses": ["203.0.113.7", "2001:db8::/32", "10.1.2.3/8"],
    "blockedAgents": ["UptimeRobot"],
}


def url(project: dict[str, object]) -> str:
    return f"/api/v1/projects/{project['id']}/collection"


def test_a_project_collects_no_addresses_and_masks_secrets_until_it_says_otherwise(alice: Person) -> None:
    project = alice.project()
    assert alice.get(url(project)).json() == DEFAULT
    assert alice.call("PUT", url(project), RULES).json() == RULES
    assert alice.get(url(project)).json() == RULES
    assert alice.call("PUT", url(project), {}).json() == DEFAULT


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"keepAddress": 1}, "keepAddress"),
        ({"maskSecrets": None}, "maskSecrets"),
        ({"keep_address": True}, "keep_address"),
        ({"mask": [{"property": "a", "action": "hash"}, {"property": "b", "action": "encrypt"}]}, "mask.1.action"),
        ({"mask": [{"property": "", "action": "drop"}]}, "mask.0.property"),
        ({"mask": [{"property": "x" * 201, "action": "drop"}]}, "mask.0.property"),
        ({"mask": [{"property": "a", "action": "drop", "why": "x"}]}, "mask.0.why"),
        ({"mask": [{"property": "a", "action": "drop"}] * 201}, "mask"),
        ({"blockedAddresses": ["10.0.0.1", "10.0.0.300"]}, "blockedAddresses.1"),
        ({"blockedAddresses": ["10.0.0.0/33"]}, "blockedAddresses.0"),
        ({"blockedAddresses": ["shop.example.com"]}, "blockedAddresses.0"),
        ({"blockedAddresses": [""]}, "blockedAddresses.0"),
        ({"blockedAgents": ["  "]}, "blockedAgents.0"),
        ({"blockedAgents": "bot"}, "blockedAgents"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(alice: Person, body: dict[str, object], path: str) -> None:
    project = alice.project()
    refused = alice.call("PUT", url(project), body)
    assert refused.status_code == 422
    assert path in [error["path"] for error in refused.json()["errors"]]
    assert alice.get(url(project)).json() == DEFAULT


def test_every_wrong_address_is_named_at_once(alice: Person) -> None:
    refused = alice.call("PUT", url(alice.project()), {"blockedAddresses": ["a", "10.0.0.1", "b"]})
    assert [error["path"] for error in refused.json()["errors"]] == ["blockedAddresses.0", "blockedAddresses.2"]


@pytest.mark.parametrize(("role", "changes"), [("admin", 200), ("member", 403), ("viewer", 403)])
def test_an_admin_changes_it_and_a_viewer_sees_it(app: App, alice: Person, role: str, changes: int) -> None:
    bob = sign_up(app, "bob")
    org = alice.post("/api/v1/orgs", {"name": "Team"}).json()["id"]
    project = alice.project(orgId=org)
    alice.post(f"/api/v1/orgs/{org}/members", {"email": bob.email, "role": role})
    assert bob.get(url(project)).json() == DEFAULT
    assert bob.call("PUT", url(project), RULES).status_code == changes


def test_strangers_find_nothing_and_keys_change_nothing(app: App, alice: Person, charlie: Person) -> None:
    project = alice.project()
    assert charlie.get(url(project)).status_code == charlie.call("PUT", url(project), {}).status_code == 404
    key = {"x-api-key": alice.key(str(project["id"]))["key"]}
    assert app.http.get(url(project), headers=key).json() == DEFAULT
    assert app.http.put(url(project), headers=key, json=RULES).status_code == 403
    other = charlie.key(str(charlie.project()["id"]))["key"]
    assert app.http.get(url(project), headers={"x-api-key": other}).status_code == 404


def test_the_writer_learns_of_a_change_within_seconds_and_of_a_deleted_project_too(app: App, alice: Person) -> None:
    now = 100.0
    collecting = Collecting(app.db, lambda: now)
    project = alice.project(domains=["www.shop.example"])
    first = Collected(Collection(), ("shop.example",))
    assert collecting.of(str(project["id"])) == first
    alice.call("PUT", url(project), RULES)
    alice.delete(f"/api/v1/projects/{project['id']}")
    assert collecting.of(str(project["id"])) == first
    now += 2
    rules = (MaskRule("user.email", "hash"), MaskRule("note", "drop"))
    assert collecting.of(str(project["id"])).collection.mask == rules
    assert collecting.of("01970000-0000-7000-8000-00000000000a") == Collected(Collection(), ())
