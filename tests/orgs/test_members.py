"""Leaving, handing over, and an end for good."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.accounts.world import World
from tests.control.cast import Person

from pulseboard import orgs
from pulseboard.audit import verify
from pulseboard.errors import Conflict


def add(owner: Person, org: str, person: Person, role: str) -> str:
    added = owner.post(f"/api/v1/orgs/{org}/members", {"email": person.email, "role": role})
    assert added.status_code == 201, added.text
    return str(added.json()["id"])


def test_who_leaves_is_gone_and_the_last_owner_cannot(alice: Person, bob: Person, acme: str) -> None:
    add(alice, acme, bob, "member")
    assert bob.post(f"/api/v1/orgs/{acme}/leave").status_code == 204
    assert bob.post(f"/api/v1/orgs/{acme}/leave").status_code == 404
    refused = alice.post(f"/api/v1/orgs/{acme}/leave")
    assert (refused.status_code, refused.json()["type"]) == (409, "last-owner")


def test_an_organisation_is_handed_over(alice: Person, bob: Person, acme: str) -> None:
    member = add(alice, acme, bob, "viewer")
    url = f"/api/v1/orgs/{acme}/transfer"
    assert bob.post(url, {"memberId": member}).status_code == 403
    done = alice.post(url, {"memberId": member})
    assert (done.status_code, done.json()["role"]) == (200, "owner")
    roles = {m["email"]: m["role"] for m in bob.get(f"/api/v1/orgs/{acme}/members").json()["items"]}
    assert roles == {alice.email: "admin", bob.email: "owner"}
    assert alice.post(url, {"memberId": member}).status_code == 403
    assert bob.post(url, {"memberId": member}).status_code == 409


def test_two_owners_who_leave_at_once_leave_one(alice: Person, bob: Person) -> None:
    for _ in range(5):
        org = str(alice.post("/api/v1/orgs", {"name": "Two"}).json()["id"])
        add(alice, org, bob, "owner")
        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(who.post, f"/api/v1/orgs/{org}/leave") for who in (alice, bob)]
        assert sorted(answer.result().status_code for answer in answers) == [204, 409]


def test_after_thirty_days_a_deleted_organisation_is_removed_and_only_its_log_stays(
    world: World, alice: Person, acme: str
) -> None:
    kept = str(alice.post("/api/v1/orgs", {"name": "Kept"}).json()["id"])
    project = alice.project(orgId=acme)["id"]
    key = alice.key(project)["key"]
    alice.delete(f"/api/v1/orgs/{acme}")
    world.wait(days=29)
    orgs.remove_deleted_orgs(world.app.db, world.hand.now())
    with world.app.db.read() as session:
        assert session.get(orgs.Org, acme) is not None
    world.wait(days=2)
    alice.delete(f"/api/v1/orgs/{kept}")
    orgs.remove_deleted_orgs(world.app.db, world.hand.now())
    alice = world.enter(alice)
    assert alice.post(f"/api/v1/orgs/{acme}/restore").status_code == 404
    assert world.app.grants.load(key) is None
    with world.app.db.read() as session:
        assert session.get(orgs.Org, acme) is None and session.get(orgs.Org, kept) is not None
        assert verify(session, acme).broken is None
        assert verify(session, acme).entries == 5  # made, project, key, deleted, removed


def test_nobody_deletes_an_account_on_which_others_depend(world: World, alice: Person, bob: Person, acme: str) -> None:
    member = add(alice, acme, bob, "viewer")
    alone = str(alice.post("/api/v1/orgs", {"name": "Alone"}).json()["id"])
    user = alice.tokens["user"]["id"]
    with world.app.db.write() as session, pytest.raises(Conflict, match="Acme"):
        orgs.HOMES.check_leaving(session, user)
    alice.patch(f"/api/v1/orgs/{acme}/members/{member}", {"role": "owner"})
    with world.app.db.write() as session:
        orgs.HOMES.check_leaving(session, user)
        orgs.HOMES.close(session, user, world.hand.now())
    assert [alice.get(f"/api/v1/orgs/{org}").status_code for org in (acme, alone, alice.home)] == [200, 404, 404]
