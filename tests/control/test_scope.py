"""What strangers see of one another beside single routes, which tests/roles walks: lists, and where things go."""

import httpx
from tests.control.cast import Person


def test_making_a_project_in_an_organisation_needs_an_admin(alice: Person, bob: Person) -> None:
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    member = alice.post(f"/api/v1/orgs/{org}/members", {"email": bob.email, "role": "member"}).json()["id"]
    made: list[httpx.Response] = [bob.post("/api/v1/projects", {"name": "p", "orgId": org})]
    alice.patch(f"/api/v1/orgs/{org}/members/{member}", {"role": "admin"})
    made.append(bob.post("/api/v1/projects", {"name": "p", "orgId": org}))
    assert [answer.status_code for answer in made] == [403, 201]


def test_a_strangers_organisation_takes_no_project_and_lists_none(alice: Person, charlie: Person) -> None:
    for org in (alice.home, "01920000-0000-7000-8000-000000000000", "x", ""):
        assert charlie.post("/api/v1/projects", {"name": "p", "orgId": org}).status_code == 404
        assert charlie.post("/api/projects", {"name": "p", "orgId": org}).status_code == 404
        assert charlie.post("/api/v1/websites", {"name": "p", "orgId": org, "domain": "x.example"}).status_code == 404
        assert charlie.get("/api/v1/projects", orgId=org).status_code == 404


def test_lists_show_nothing_of_others(alice: Person, charlie: Person) -> None:
    alice.project(domains=["a.example.com"])
    charlie.project(name="his", domains=["c.example.com"])
    for path in ("/api/v1/projects", "/api/v1/websites"):
        answer = charlie.get(path).json()
        assert ([item["name"] for item in answer["items"]], answer["total"]) == (["his"], 1)
    assert [org["name"] for org in charlie.get("/api/v1/orgs").json()["items"]] == ["charlie"]
