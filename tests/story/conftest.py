"""One real server for the whole story, with Alice who owns it and Charlie who is a stranger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, TypeVar

import httpx
import pytest
from bench.served import Access, Served, serving, set_up

T = TypeVar("T")
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody with a project of their own."""

    http: httpx.Client
    token: str
    project_id: str
    key: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:  # noqa: ANN401
        return self.http.get(path, params=params, headers=self.bearer)

    def send(self, path: str = "/ingest/event", **event: Any) -> httpx.Response:  # noqa: ANN401
        return self.http.post(path, json=event, headers={"x-api-key": self.key})


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("story") / "data", {"PULSEBOARD_REGISTRATION": "open"}) as served:
        yield served


@pytest.fixture(scope="session")
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def owner(served: Served) -> Access:
    return set_up(served)


@pytest.fixture
def alice(http: httpx.Client, owner: Access) -> Person:
    """The superadmin, with a new empty project."""
    return with_project(http, owner.token)


@pytest.fixture
def charlie(http: httpx.Client, owner: Access) -> Person:
    """A stranger who registered, with a new empty project."""
    body = {"email": "charlie@example.com", "password": PASSWORD, "name": "Charlie"}
    answer = http.post("/auth/register", json=body)
    if answer.status_code == 409:
        answer = http.post("/auth/login", json={name: body[name] for name in ("email", "password")})
    http.cookies.clear()
    return with_project(http, answer.json()["accessToken"])


def with_project(http: httpx.Client, token: str) -> Person:
    bearer = {"authorization": f"Bearer {token}"}
    project = http.post("/projects", json={"name": "Shop"}, headers=bearer).json()["id"]
    body = {"label": "backend", "scope": "secret"}
    key = http.post(f"/projects/{project}/api-keys", json=body, headers=bearer).json()["key"]
    return Person(http, token, project, key)


def eventually(look: Callable[[], T], wanted: T, seconds: float = 10) -> None:
    """Looks until it sees ``wanted``; reads lag writes by design."""
    deadline = monotonic() + seconds
    while (seen := look()) != wanted:
        assert monotonic() < deadline, f"still {seen}, not {wanted}"
        sleep(0.05)
