"""One server with events of Alice's project, and Charlie, who has a project of his own."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from bench.served import PATIENCE, Access, serving, set_up

EVENTS = [
    {"name": name, "userId": f"user-{number % 7}", "properties": {"plan": plan, "seats": number}}
    for number, (name, plan) in enumerate([("visit", "free"), ("signup", "pro"), ("visit", "pro")] * 10)
]


@dataclass
class Caller:
    """Somebody with a project."""

    http: httpx.Client
    headers: dict[str, str]
    project: str

    def call(self, method: str, path: str, body: object = None, **params: str) -> httpx.Response:
        """A request below the project."""
        url = f"/api/v1/projects/{self.project}{path}"
        return self.http.request(method, url, headers=self.headers, json=body, params=params)

    def make(self, path: str, **body: object) -> dict[str, Any]:
        """What a POST makes."""
        answer = self.call("POST", path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def read(self, **params: str) -> httpx.Response:
        """The overview."""
        query = {"projectId": self.project, **params}
        return self.http.get("/api/v1/metrics/overview", headers=self.headers, params=query)


@pytest.fixture(scope="session")
def alice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    folder = tmp_path_factory.mktemp("saved") / "data"
    with serving(folder, {"PULSEBOARD_REGISTRATION": "open"}) as served:
        access: Access = set_up(served)
        with httpx.Client(base_url=served.url, timeout=PATIENCE) as http:
            sent = http.post("/ingest/batch", json={"events": EVENTS}, headers={"x-api-key": access.key})
            assert sent.status_code == 202, sent.text
            caller = Caller(http, access.as_person, access.project_id)
            _wait_for_events(caller)
            yield caller


@pytest.fixture(scope="session")
def charlie(alice: Caller) -> Caller:
    form = {"email": "charlie@example.com", "password": "correct horse battery 9"}
    token = alice.http.post("/api/v1/auth/register", json=form).json()["accessToken"]
    alice.http.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    project = alice.http.post("/api/v1/projects", json={"name": "his"}, headers=headers).json()["id"]
    return Caller(alice.http, headers, project)


def _wait_for_events(caller: Caller) -> None:
    end = monotonic() + PATIENCE
    while caller.read().json()["totalEvents"] < len(EVENTS):
        assert monotonic() < end, "the events do not show"
        sleep(0.1)
