"""Organisations and their people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.control.cast import App, Person

from pulseboard.orgs import Org


def org_of(person: Person, name: str = "Acme") -> str:
    made = person.post("/api/v1/orgs", {"name": name})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def join(owner: Person, org: str, person: Person, role: str) -> str:
    added = owner.post(f"/api/v1/orgs/{org}/members", {"email": person.email.upper(), "role": role})
    assert added.status_code == 201, added.text
    return str(added.json()["id"])


def test_an_organisation_from_making_to_renaming(alice: Person) -> None:
    org = org_of(alice, " Acme ")
    got = alice.get(f"/api/v1/orgs/{org}").json()
    assert (got["name"], got["role"], got["personal"], got["deletedAt"]) == ("Acme", "owner", False, None)
    assert alice.patch(f"/api/v1/orgs/{org}", {"name": "Acme 2"}).json()["name"] == "Acme 2"
    listed = alice.get("/api/v1/orgs").json()
    assert [o["name"] for o in listed["items"]] == ["alice", "Acme 2"] and listed["total"] == 2


def test_lists_come_in_pages_that_miss_nothing_and_repeat_nothing(alice: Person) -> None:
    made = [alice.home, *(org_of(alice, f"o{i}") for i in range(4))]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = alice.get("/api/v1/orgs", limit=2, **({"cursor": cursor} if cursor else {})).json()
        assert page["total"] == 5
        seen += [o["id"] for o in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == made


def test_a_deleted_organisation_is_gone_and_can_come_back_for_thirty_days(app: App, alice: Person) -> None:
    org = org_of(alice)
    project = alice.project(orgId=org)
    assert alice.delete(f"/api/v1/orgs/{org}").status_code == 204
    assert alice.get(f"/api/v1/orgs/{org}").status_code == 404
    assert alice.get(f"/api/v1/projects/{project['id']}").status_code == 404
    assert org not in [o["id"] for o in alice.get("/api/v1/orgs").json()["items"]]
    assert [o["id"] for o in alice.get("/api/v1/orgs", deleted="true").json()["items"]] == [org]
    assert alice.post(f"/api/v1/orgs/{org}/restore").json()["deletedAt"] is None
    assert alice.get(f"/api/v1/projects/{project['id']}").status_code == 200
    assert alice.delete(f"/api/v1/orgs/{org}").status_code == 204
    with app.db.write() as session:
        session.get_one(Org, org).deleted_at = datetime.now(UTC) - timedelta(days=31)
    assert alice.post(f"/api/v1/orgs/{org}/restore").status_code == 404


def test_the_personal_organisation_stays(alice: Person) -> None:
    assert alice.delete(f"/api/v1/orgs/{alice.home}").status_code == 409


def test_a_known_person_is_added(alice: Person, bob: Person) -> None:
    org = org_of(alice)
    join(alice, org, bob, "viewer")
    members = alice.get(f"/api/v1/orgs/{org}/members").json()
    assert [(m["email"], m["role"]) for m in members["items"]] == [(alice.email, "owner"), (bob.email, "viewer")]
    assert bob.get(f"/api/v1/orgs/{org}").json()["role"] == "viewer"
    again = alice.post(f"/api/v1/orgs/{org}/members", {"email": bob.email, "role": "admin"})
    assert again.status_code == 409


def test_a_removed_member_sees_nothing_any_more(alice: Person, bob: Person) -> None:
    org = org_of(alice)
    member = join(alice, org, bob, "admin")
    assert alice.delete(f"/api/v1/orgs/{org}/members/{member}").status_code == 204
    assert bob.get(f"/api/v1/orgs/{org}").status_code == 404


def test_everybody_may_leave_but_the_last_owner(alice: Person, bob: Person) -> None:
    org = org_of(alice)
    bobs = join(alice, org, bob, "viewer")
    alices = alice.get(f"/api/v1/orgs/{org}/members").json()["items"][0]["id"]
    url = f"/api/v1/orgs/{org}/members"
    assert bob.delete(f"{url}/{alices}").status_code == 403
    assert bob.delete(f"{url}/{bobs}").status_code == 204
    assert alice.delete(f"{url}/{alices}").status_code == 409
    demoted = alice.patch(f"{url}/{alices}", {"role": "viewer"})
    assert demoted.status_code == 409 and demoted.json()["type"] == "last-owner"


def test_an_admin_neither_makes_nor_unmakes_owners(alice: Person, bob: Person, charlie: Person) -> None:
    org = org_of(alice)
    bobs = join(alice, org, bob, "admin")
    alices = alice.get(f"/api/v1/orgs/{org}/members").json()["items"][0]["id"]
    url = f"/api/v1/orgs/{org}/members"
    assert bob.patch(f"{url}/{bobs}", {"role": "owner"}).status_code == 403
    assert bob.patch(f"{url}/{alices}", {"role": "viewer"}).status_code == 403
    assert bob.delete(f"{url}/{alices}").status_code == 403
    assert bob.post(url, {"email": charlie.email, "role": "owner"}).status_code == 403
    charlies = bob.post(url, {"email": charlie.email, "role": "viewer"}).json()["id"]
    assert bob.patch(f"{url}/{charlies}", {"role": "admin"}).json()["role"] == "admin"
    assert alice.patch(f"{url}/{bobs}", {"role": "owner"}).json()["role"] == "owner"


def test_two_owners_who_demote_one_another_at_once_leave_one(alice: Person, bob: Person) -> None:
    for _ in range(5):
        org = org_of(alice)
        join(alice, org, bob, "owner")
        alices, bobs = (m["id"] for m in alice.get(f"/api/v1/orgs/{org}/members").json()["items"])
        url = f"/api/v1/orgs/{org}/members"
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(alice.patch, f"{url}/{bobs}", {"role": "viewer"})
            two = pool.submit(bob.patch, f"{url}/{alices}", {"role": "viewer"})
        assert sorted([one.result().status_code, two.result().status_code]) in ([200, 403], [200, 409])
        who = alice if one.result().status_code == 200 else bob
        assert [m["role"] for m in who.get(f"{url}").json()["items"]].count("owner") == 1


@pytest.mark.parametrize("role", ["superadmin", "", None, 3, "Owner"])
def test_only_the_four_roles_are_roles(alice: Person, bob: Person, role: object) -> None:
    answer = alice.post(f"/api/v1/orgs/{alice.home}/members", {"email": bob.email, "role": role})
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "role"


def test_default_projects_go_home_only_while_its_person_owns_it(alice: Person, bob: Person) -> None:
    join(alice, alice.home, bob, "owner")
    bobs_project = bob.project()
    assert bobs_project["orgId"] == bob.home, "an owner of somebody else's home still has one of their own"
    alices = alice.get(f"/api/v1/orgs/{alice.home}/members").json()["items"][0]["id"]
    assert bob.patch(f"/api/v1/orgs/{alice.home}/members/{alices}", {"role": "viewer"}).status_code == 200
    lost = alice.post("/api/v1/projects", {"name": "x"})
    assert lost.status_code == 422 and lost.json()["errors"][0]["path"] == "orgId"
