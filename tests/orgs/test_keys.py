"""Where and until when a key works, and what the log tells of keys."""

from typing import Any

import pytest
from tests.accounts.world import World
from tests.control.cast import Person


def make(person: Person, project: str, **fields: object) -> Any:  # noqa: ANN401 -- JSON
    made = person.post(f"/api/v1/projects/{project}/api-keys", {"label": "k", "scope": "secret"} | fields)
    assert made.status_code == 201, made.text
    return made.json()


def reads(world: World, key: str) -> int:
    return world.app.http.get("/api/v1/projects", headers={"x-api-key": key}).status_code


def test_a_key_works_only_from_its_addresses(world: World, alice: Person) -> None:
    project = alice.project()["id"]
    here = make(alice, project, allowedAddresses=["127.0.0.0/8", "2001:db8::/32"])
    there = make(alice, project, allowedAddresses=["203.0.113.7"])
    assert here["allowedAddresses"] == ["127.0.0.0/8", "2001:db8::/32"]
    assert (reads(world, here["key"]), reads(world, there["key"])) == (200, 403)
    alice.patch(f"/api/v1/projects/{project}/api-keys/{there['id']}", {"allowedAddresses": []})
    assert reads(world, there["key"]) == 200


@pytest.mark.parametrize("address", ["x", "1.2.3.4/33", "fe80::1%eth0", "1.2.3", "", "10.0.0.0/8 "])
def test_only_addresses_and_networks_are_taken(alice: Person, address: str) -> None:
    project = alice.project()["id"]
    body = {"label": "k", "allowedAddresses": ["10.0.0.1", address]}
    answer = alice.post(f"/api/v1/projects/{project}/api-keys", body)
    if address.strip() == "10.0.0.0/8":
        assert answer.json()["allowedAddresses"] == ["10.0.0.1", "10.0.0.0/8"]
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"].startswith("allowedAddresses.1")


def test_a_key_stops_at_its_expiry(world: World, alice: Person) -> None:
    project = alice.project()["id"]
    end = (world.hand.now().replace(microsecond=0)).isoformat().replace("+00:00", "Z")
    past = alice.post(f"/api/v1/projects/{project}/api-keys", {"label": "k", "expiresAt": end})
    assert past.status_code == 422 and past.json()["errors"][0]["path"] == "expiresAt"
    naive = alice.post(f"/api/v1/projects/{project}/api-keys", {"label": "k", "expiresAt": "2030-01-01T00:00:00"})
    assert naive.status_code == 422 and naive.json()["errors"][0]["path"] == "expiresAt"
    key = make(alice, project, expiresAt="2099-01-01T02:00:00+02:00")
    assert key["expiresAt"] == "2099-01-01T00:00:00.000Z"
    url = f"/api/v1/projects/{project}/api-keys/{key['id']}"
    soon = world.hand.now().replace(microsecond=0)
    world.wait(seconds=-5)
    assert alice.patch(url, {"expiresAt": soon.isoformat()}).status_code == 200
    assert reads(world, key["key"]) == 200
    world.wait(seconds=5)
    world.app.grants.forget(key_id=key["id"])
    assert reads(world, key["key"]) == 401


def test_a_rotated_key_keeps_its_bounds(world: World, alice: Person) -> None:
    project = alice.project()["id"]
    old = make(alice, project, allowedAddresses=["203.0.113.7"], expiresAt="2099-01-01T00:00:00Z")
    new = alice.post(f"/api/v1/projects/{project}/api-keys/{old['id']}/rotate", {"graceSeconds": 60}).json()
    assert (new["allowedAddresses"], new["expiresAt"]) == (["203.0.113.7"], None)
    assert reads(world, new["key"]) == 403


def test_every_change_of_projects_and_keys_is_told_and_no_secret(world: World, alice: Person, acme: str) -> None:
    hook = "https://hooks.example.com/s3cr3t"
    project = alice.project(orgId=acme)["id"]
    url = f"/api/v1/projects/{project}"
    alice.patch(url, {"alertDefaults": {"channels": [{"type": "webhook", "target": hook}], "window": "1h"}})
    key = make(alice, project)
    alice.patch(f"{url}/api-keys/{key['id']}", {"label": "other"})
    new = alice.post(f"{url}/api-keys/{key['id']}/rotate").json()
    alice.patch(f"{url}/api-keys/{new['id']}", {"status": "revoked"})
    alice.delete(f"{url}/api-keys/{new['id']}")
    alice.http.put(f"{url}/collection", json={"keepAddress": True}, headers=alice.bearer)
    schema = alice.schema(project)["id"]
    alice.patch(f"{url}/event-schemas/{schema}", {"mode": "reject"})
    alice.delete(f"{url}/event-schemas/{schema}")
    alice.delete(url)
    log = alice.get(f"/api/v1/orgs/{acme}/audit-log", limit=200)
    assert [entry["action"] for entry in log.json()["items"]][::-1] == [
        "org.made", "project.made", "project.changed", "key.made", "key.changed", "key.rotated", "key.revoked",
        "key.deleted", "collection.changed", "event-schema.made", "event-schema.changed", "event-schema.deleted",
        "project.deleted",
    ]  # fmt: skip
    assert not any(secret in log.text for secret in (key["key"], new["key"], hook))


def test_a_webhook_without_its_url_is_no_default(alice: Person) -> None:
    body = {"name": "p", "alertDefaults": {"channels": [{"type": "webhook"}]}}
    refused = alice.post("/api/v1/projects", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "alertDefaults.channels.0.target"
