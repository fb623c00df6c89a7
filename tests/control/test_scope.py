"""Every route: strangers learn nothing, roles may do what the table says, nobody at all is asked to sign in."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.control.cast import App, Person, sign_up

from pulseboard.orgs import NEEDS, RANK

# What anybody may call; everything else wants credentials. A new route that belongs here has to be added by hand.
PUBLIC = {
    "register",
    "login",
    "refresh",
    "refreshTokenPair",
    "getSetup",
    "setUp",
    "createTenant",
    "listPlans",
    "healthLive",
    "healthReady",
}

# operation -> a body that would be fine, and the entry of the table of roles that it needs.
OF_ORG: dict[str, tuple[Any, str]] = {
    "getOrg": (None, "org.read"),
    "updateOrg": ({"name": "renamed"}, "org.change"),
    "restoreOrg": (None, "org.restore"),
    "listMembers": (None, "members.read"),
    "addMember": ({"email": "nobody@example.com", "role": "viewer"}, "members.change"),
    "updateMember": ({"role": "viewer"}, "members.change"),
    "removeMember": (None, "members.change"),
    "deleteOrg": (None, "org.delete"),
}
OF_PROJECT: dict[str, tuple[Any, str]] = {
    "getProject": (None, "project.read"),
    "updateProject": ({"name": "renamed"}, "project.change"),
    "getIngestion": (None, "ingestion.read"),
    "getCatalog": (None, "ingestion.read"),
    "getCollection": (None, "project.read"),
    "setCollection": ({}, "project.change"),
    "createApiKey": ({"label": "x"}, "keys.change"),
    "listApiKeys": (None, "keys.read"),
    "updateApiKey": ({"label": "x"}, "keys.change"),
    "rotateApiKey": ({}, "keys.change"),
    "deleteApiKey": (None, "keys.change"),
    "createEventSchema": ({"eventName": "other", "schema": {}}, "schemas.change"),
    "listEventSchemas": (None, "schemas.read"),
    "getEventSchema": (None, "schemas.read"),
    "updateEventSchema": ({"mode": "reject"}, "schemas.change"),
    "deleteEventSchema": (None, "schemas.change"),
    "deleteWebsite": (None, "project.delete"),
    "deleteProject": (None, "project.delete"),
}
OF_NOBODY = {
    "logout",
    "me",
    "updateMe",
    "createOrg",
    "listOrgs",
    "createProject",
    "createProjectWithKey",
    "listProjects",
    "createWebsite",
    "listWebsites",
    "getUsage",  # names its organisation in the query: tests/billing
}


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str


@pytest.fixture(scope="module")
def operations(app: App) -> dict[str, Operation]:
    paths = app.http.get("/openapi.json").json()["paths"]
    found = [
        Operation(operation["operationId"], method.upper(), path)
        for path, item in paths.items()
        for method, operation in item.items()
    ]
    return {operation.name: operation for operation in found}


@dataclass(frozen=True)
class Tenant:
    """Alice's organisation with one of everything, and the ids that stand in paths."""

    owner: Person
    ids: dict[str, str]

    def path(self, operation: Operation) -> str:
        return operation.path.format(**self.ids)


def make_tenant(owner: Person, helper: Person) -> Tenant:
    org = owner.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project = owner.project(orgId=org, domains=["acme.example.com"])["id"]
    member = owner.post(f"/api/v1/orgs/{org}/members", {"email": helper.email, "role": "viewer"}).json()["id"]
    key = owner.key(project)["id"]
    schema = owner.schema(project)["id"]
    ids = {"orgId": org, "projectId": project, "websiteId": project, "keyId": key, "memberId": member}
    ids["schemaId"] = schema
    return Tenant(owner, ids)


def test_the_routes_are_the_ones_that_these_tests_know(operations: dict[str, Operation]) -> None:
    assert set(operations) == PUBLIC | set(OF_ORG) | set(OF_PROJECT) | OF_NOBODY


def test_nobody_gets_past_any_door_that_is_not_public(app: App, operations: dict[str, Operation]) -> None:
    for operation in operations.values():
        path = operation.path.format_map(AnyId())
        answer = app.http.request(operation.method, path, json={} if operation.method != "GET" else None)
        if operation.name in PUBLIC - {"refresh", "refreshTokenPair", "createTenant"}:
            assert answer.status_code in (200, 422), operation
        elif operation.name != "createTenant":
            assert answer.status_code == 401, operation


class AnyId(dict[str, str]):
    """Fills every path parameter with an id that nothing has."""

    def __missing__(self, name: str) -> str:
        return "01920000-0000-7000-8000-000000000000"


def test_a_stranger_gets_404_wherever_alices_ids_stand(
    app: App, operations: dict[str, Operation], alice: Person, bob: Person, charlie: Person
) -> None:
    tenant = make_tenant(alice, bob)
    strangers_key = {"x-api-key": charlie.key(charlie.project()["id"])["key"]}
    for name, (body, _) in (OF_ORG | OF_PROJECT).items():
        operation = operations[name]
        answer = charlie.call(operation.method, tenant.path(operation), body)
        assert answer.status_code == 404, (name, answer.text)
        by_key = app.http.request(operation.method, tenant.path(operation), json=body, headers=strangers_key)
        assert by_key.status_code == 404, (name, by_key.text)
    assert alice.get(f"/api/v1/projects/{tenant.ids['projectId']}").json()["name"] == "shop"


def test_a_strangers_answer_is_the_same_as_for_what_does_not_exist(
    operations: dict[str, Operation], alice: Person, bob: Person, charlie: Person
) -> None:
    tenant = make_tenant(alice, bob)
    for name, (body, _) in (OF_ORG | OF_PROJECT).items():
        operation = operations[name]
        theirs = charlie.call(operation.method, tenant.path(operation), body)
        nothing = charlie.call(operation.method, operation.path.format_map(AnyId()), body)
        assert theirs.text == nothing.text, name


def test_ids_of_two_tenants_do_not_mix(
    operations: dict[str, Operation], alice: Person, bob: Person, charlie: Person
) -> None:
    mine, theirs = make_tenant(charlie, bob), make_tenant(alice, bob)
    names = ["updateApiKey", "rotateApiKey", "deleteApiKey", "updateMember", "removeMember"]
    for name in (*names, "getEventSchema", "updateEventSchema", "deleteEventSchema"):
        operation = operations[name]
        body = (OF_ORG | OF_PROJECT)[name][0]
        for key in ("keyId", "memberId", "schemaId"):
            mixed = operation.path.format(**(mine.ids | {key: theirs.ids[key]}))
            if mixed != mine.path(operation):
                assert charlie.call(operation.method, mixed, body).status_code == 404, name


@pytest.mark.parametrize("role", ["viewer", "member", "admin", "owner"])
def test_every_role_may_do_what_the_table_says_and_no_more(
    app: App, operations: dict[str, Operation], role: str
) -> None:
    owner, helper, actor = sign_up(app, "owner"), sign_up(app, "helper"), sign_up(app, role)
    for name, (body, need) in (OF_ORG | OF_PROJECT).items():
        tenant = make_tenant(owner, helper)
        joined = owner.post(f"/api/v1/orgs/{tenant.ids['orgId']}/members", {"email": actor.email, "role": role})
        assert joined.status_code == 201
        answer = actor.call(operations[name].method, tenant.path(operations[name]), body)
        allowed = RANK[role] >= RANK[NEEDS[need]]
        assert (answer.status_code != 403) == allowed, (name, role, answer.text)
        assert answer.status_code in ((200, 201, 204, 422) if allowed else (403,)), (name, role, answer.text)


def test_making_a_project_in_an_organisation_needs_an_admin(app: App, alice: Person, bob: Person) -> None:
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


@pytest.mark.parametrize("bad", ["x", "1", "null", "%00", "..%2f", "é", "0" * 36, "A" * 5000, "%ff", "*", "{orgId}"])
def test_an_id_of_any_form_is_404_and_never_worse(operations: dict[str, Operation], alice: Person, bad: str) -> None:
    for name, (body, _) in (OF_ORG | OF_PROJECT).items():
        operation = operations[name]
        path = operation.path
        for parameter in ("orgId", "projectId", "websiteId", "keyId", "memberId", "schemaId"):
            path = path.replace(f"{{{parameter}}}", bad)
        assert alice.call(operation.method, path, body).status_code == 404, (name, bad)


def test_lists_show_nothing_of_others(alice: Person, charlie: Person) -> None:
    alice.project(domains=["a.example.com"])
    charlie.project(name="his", domains=["c.example.com"])
    for path in ("/api/v1/projects", "/api/v1/websites"):
        answer = charlie.get(path).json()
        assert ([item["name"] for item in answer["items"]], answer["total"]) == (["his"], 1)
    assert [org["name"] for org in charlie.get("/api/v1/orgs").json()["items"]] == ["charlie"]
