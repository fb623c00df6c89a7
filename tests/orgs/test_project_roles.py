"""Another role in one project: higher or lower, and nowhere else."""

import pytest
from tests.control.cast import Person


def add(owner: Person, org: str, person: Person, role: str) -> str:
    return str(owner.post(f"/api/v1/orgs/{org}/members", {"email": person.email, "role": role}).json()["id"])


def give(owner: Person, project: str, member: str, role: str) -> int:
    url = f"/api/v1/projects/{project}/roles/{member}"
    return owner.http.put(url, json={"role": role}, headers=owner.bearer).status_code


def may_change(person: Person, project: str) -> bool:
    status = person.patch(f"/api/v1/projects/{project}", {"name": "renamed"}).status_code
    assert status in (200, 403)
    return status == 200


def test_a_role_in_a_project_counts_there_and_only_there(alice: Person, bob: Person, acme: str) -> None:
    one, two = (alice.project(orgId=acme)["id"] for _ in range(2))
    member = add(alice, acme, bob, "viewer")
    assert give(alice, one, member, "admin") == 200
    assert may_change(bob, one) and not may_change(bob, two)
    assert bob.patch(f"/api/v1/orgs/{acme}", {"name": "x"}).status_code == 403
    assert bob.post("/api/v1/projects", {"name": "x", "orgId": acme}).status_code == 403
    assert bob.key(one)["id"], "an admin of a project makes its keys"
    assert give(alice, one, member, "viewer") == 200 and not may_change(bob, one)
    assert give(alice, one, member, "owner") == 422


def test_a_role_in_a_project_may_be_a_lower_one(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "member")
    rule = {"eventName": "a", "schema": {}}
    url = f"/api/v1/projects/{project}/event-schemas"
    assert bob.post(url, rule).status_code == 201
    assert give(alice, project, member, "viewer") == 200
    assert bob.post(url, rule | {"eventName": "b"}).status_code == 403
    assert alice.delete(f"/api/v1/projects/{project}/roles/{member}").status_code == 204
    assert bob.post(url, rule | {"eventName": "b"}).status_code == 201
    assert alice.delete(f"/api/v1/projects/{project}/roles/{member}").status_code == 404


def test_an_admins_role_holds_in_every_project(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "member")
    assert give(alice, project, member, "viewer") == 200
    alice.patch(f"/api/v1/orgs/{acme}/members/{member}", {"role": "admin"})
    assert may_change(bob, project)
    assert give(alice, project, member, "viewer") == 409


def test_who_is_removed_takes_the_role_along(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    give(alice, project, add(alice, acme, bob, "viewer"), "admin")
    assert bob.post(f"/api/v1/orgs/{acme}/leave").status_code == 204
    assert bob.get(f"/api/v1/projects/{project}").status_code == 404
    add(alice, acme, bob, "viewer")
    assert not may_change(bob, project)
    assert alice.get(f"/api/v1/projects/{project}/roles").json()["items"] == []


@pytest.mark.parametrize("rise", ["admin", "owner"])
def test_a_role_in_a_project_does_not_come_back_after_a_promotion(
    alice: Person, bob: Person, acme: str, rise: str
) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "viewer")
    assert give(alice, project, member, "admin") == 200
    for role in (rise, "viewer"):
        assert alice.patch(f"/api/v1/orgs/{acme}/members/{member}", {"role": role}).status_code == 200
    assert not may_change(bob, project)
    assert alice.get(f"/api/v1/projects/{project}/roles").json()["items"] == []


def test_a_role_in_a_project_ends_where_the_organisation_is_handed_over(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "viewer")
    assert give(alice, project, member, "admin") == 200
    assert alice.post(f"/api/v1/orgs/{acme}/transfer", {"memberId": member}).status_code == 200
    assert bob.get(f"/api/v1/projects/{project}/roles").json()["items"] == []


def test_a_role_in_a_project_stays_while_it_counts(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "viewer")
    assert give(alice, project, member, "admin") == 200
    for role in ("member", "viewer"):
        assert alice.patch(f"/api/v1/orgs/{acme}/members/{member}", {"role": role}).status_code == 200
    assert may_change(bob, project)


def test_a_member_of_another_organisation_gets_no_role(alice: Person, charlie: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    (theirs,) = charlie.get(f"/api/v1/orgs/{charlie.home}/members").json()["items"]
    assert give(alice, project, theirs["id"], "viewer") == 404
    assert give(charlie, project, theirs["id"], "admin") == 404


def test_the_list_tells_both_roles(alice: Person, bob: Person, acme: str) -> None:
    project = alice.project(orgId=acme)["id"]
    member = add(alice, acme, bob, "viewer")
    give(alice, project, member, "member")
    (shown,) = alice.get(f"/api/v1/projects/{project}/roles").json()["items"]
    assert (shown["memberId"], shown["email"], shown["role"], shown["orgRole"]) == (
        member, bob.email, "member", "viewer",
    )  # fmt: skip
