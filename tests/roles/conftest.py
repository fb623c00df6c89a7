"""The whole application, and everybody who may come to it: five roles, a stranger, nobody, and two keys."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from bench.served import Access, Served, serving, set_up
from tests.roles.matrix import ENTRIES

from pulseboard.orgs import RANK

PASSWORD = "a horse that staples 9 batteries"
ROLES = ("owner", "admin", "member", "viewer")
assert set(ROLES) == set(RANK)
NOTHING = "01920000-0000-7000-8000-000000000000"  # an id that nothing has


@dataclass(frozen=True)
class Operation:
    """One method of one path, by its name in the OpenAPI document."""

    name: str
    method: str
    path: str


@dataclass
class Tenant:
    """An organisation with one of everything, and the ids that stand in paths; ``people`` are its members by role."""

    http: httpx.Client
    people: dict[str, dict[str, str]]
    helper: str
    ids: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def make(self) -> "Tenant":
        """Makes all of it anew."""
        org = self._post("/api/v1/orgs", {"name": "Acme"})["id"]
        project = self._post("/api/v1/projects", {"name": "shop", "orgId": org, "domains": ["acme.example.com"]})["id"]
        for role in ROLES[1:]:
            self._post(f"/api/v1/orgs/{org}/members", {"email": self.people[role]["email"], "role": role})
        member = self._post(f"/api/v1/orgs/{org}/members", {"email": self.helper, "role": "viewer"})["id"]
        asked = self._post(f"/api/v1/orgs/{org}/members", {"email": f"guest@{org}.example", "role": "viewer"})["id"]
        keys = f"/api/v1/projects/{project}/api-keys"
        secret = self._post(keys, {"label": "s", "scope": "secret"})
        ingest = self._post(keys, {"label": "i", "scope": "ingest"})
        spare = self._post(keys, {"label": "spare"})["id"]
        rule = {"eventName": "order", "schema": {"required": ["plan"]}}
        schema = self._post(f"/api/v1/projects/{project}/event-schemas", rule)["id"]
        segment = self._post(f"/api/v1/projects/{project}/segments", {"name": "all", "filters": []})["id"]
        trends = {"name": "events", "kind": "trends", "spec": {}}
        insight = self._post(f"/api/v1/projects/{project}/insights", trends)["id"]
        signups = {"name": "signups", "kind": "event", "match": "signup"}
        goal = self._post(f"/api/v1/projects/{project}/goals", signups)["id"]
        headers = self.credentials("owner")
        role = {"role": "viewer"}
        assert self.http.put(f"/api/v1/projects/{project}/roles/{member}", json=role, headers=headers).is_success
        self.ids = {
            "orgId": org,
            "projectId": project,
            "websiteId": project,
            "goalId": goal,
            "memberId": member,
            "invitationId": asked,
            "keyId": spare,
            "schemaId": schema,
            "segmentId": segment,
            "insightId": insight,
        }
        self.keys = {"secret key": secret["key"], "ingest key": ingest["key"]}
        return self

    def credentials(self, who: str) -> dict[str, str]:
        """Headers of one of its people or keys."""
        if who in self.keys:
            return {"x-api-key": self.keys[who]}
        return {"authorization": f"Bearer {self.people[who]['token']}"}

    def _post(self, path: str, body: object) -> dict[str, Any]:
        answer = self.http.post(path, json=body, headers=self.credentials("owner"))
        assert answer.status_code == 201, (path, answer.text)
        return dict(answer.json())


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("roles") / "data", {"PULSEBOARD_REGISTRATION": "open"}) as served:
        yield served


@pytest.fixture(scope="session")
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def superadmin(served: Served) -> Access:
    return set_up(served)


@pytest.fixture(scope="session")
def routes(http: httpx.Client) -> dict[str, Operation]:
    """Every operation that the application has."""
    return operations_of(http)


@pytest.fixture(scope="session")
def operations(routes: dict[str, Operation]) -> dict[str, Operation]:
    """Those of which it is known what they need; one test alone fails where it is not."""
    return {name: operation for name, operation in routes.items() if name in ENTRIES}


def operations_of(http: httpx.Client) -> dict[str, Operation]:
    """Those of the OpenAPI document, by their names."""
    paths = http.get("/openapi.json").json()["paths"]
    found = [
        Operation(operation["operationId"], method.upper(), path)
        for path, item in paths.items()
        for method, operation in item.items()
    ]
    return {operation.name: operation for operation in found}


def make_tenant(served: Served, http: httpx.Client, name: str) -> Tenant:
    """An organisation with a person of every role, all of them verified."""
    people = {role: sign_up(http, f"{role}@{name}.example") for role in ROLES}
    helper = sign_up(http, f"helper@{name}.example")["email"]
    with sqlite3.connect(served.folder / "control.db") as control:
        control.execute("UPDATE users SET email_verified = 1")
    control.close()
    return Tenant(http, people, helper).make()


def sign_up(http: httpx.Client, email: str) -> dict[str, str]:
    """A new person: their address and their token."""
    answer = http.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    http.cookies.clear()
    return {"email": email, "token": answer.json()["accessToken"]}


@pytest.fixture(scope="session")
def mine(served: Served, http: httpx.Client, superadmin: Access) -> Tenant:
    return make_tenant(served, http, "mine")


@pytest.fixture(scope="session")
def theirs(served: Served, http: httpx.Client, superadmin: Access) -> Tenant:
    """A stranger's, which no test may change."""
    return make_tenant(served, http, "theirs")
