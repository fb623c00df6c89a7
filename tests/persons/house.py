"""A whole installation in this process with a clock that tests set: Alice owns projects, Charlie is a stranger."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx

from pulseboard.app import Parts, open_parts
from pulseboard.serve import asgi
from pulseboard.settings import Server, Settings

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PASSWORD = "a horse that staples 9 batteries"


@dataclass
class House:
    folder: Path
    billing: Literal["off", "builtin"] = "off"
    now: datetime = NOON
    tokens: dict[str, str] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    def open(self) -> None:
        server = replace(Server(), data_dir=self.folder)
        settings = replace(Settings(), server=server, self_monitor=False, billing=self.billing)
        settings = replace(settings, access=replace(settings.access, registration="open"))
        self.parts: Parts = self.closing.enter_context(open_parts(settings, lambda: self.now))
        self.app = asgi(self.parts)

    def restart(self) -> None:
        self.closing.close()
        self.closing = ExitStack()
        self.open()

    def call(self, method: str, path: str, *, who: str = "alice", key: str = "", **more: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"x-api-key": key} if key else {"authorization": f"Bearer {self.tokens.get(who, '')}"}

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://house") as http:
                return await http.request(method, path, headers=headers, **more)

        return asyncio.run(asked())

    def get(self, path: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401
        """Alice's answer, which must be a 200."""
        answer = self.call("GET", "/api/v1" + path, params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def join(self, name: str) -> None:
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        answer = self.call("POST", "/api/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        self.tokens[name] = answer.json()["accessToken"]

    def project(self) -> "Shop":
        """A new project of Alice's."""
        made = self.call("POST", "/api/v1/projects", json={"name": "shop"}).json()["id"]
        key = self.call("POST", f"/api/v1/projects/{made}/api-keys", json={"label": "k", "scope": "secret"}).json()
        return Shop(self, made, key["key"])


@dataclass
class Shop:
    house: House
    id: str
    key: str

    @property
    def persons(self) -> str:
        return f"/projects/{self.id}/persons"

    def send(self, *events: dict[str, Any]) -> None:
        """Accepts the events, which then wait to be written; ``ago`` is in hours."""
        bodies = [self._body(**event) for event in events]
        answer = self.house.call("POST", "/ingest/batch", key=self.key, json={"events": bodies})
        assert answer.status_code == 202, answer.text

    def write(self, *events: dict[str, Any]) -> None:
        self.send(*events)
        self.house.parts.writer.drain()

    def _body(self, ago: float = 0, **event: Any) -> dict[str, Any]:  # noqa: ANN401
        at = self.house.now - timedelta(hours=ago)
        return {"name": "visit", "timestamp": at.isoformat()} | event


@contextmanager
def opened(folder: Path, **more: Any) -> Iterator[House]:  # noqa: ANN401
    house = House(folder, **more)
    house.open()
    try:
        for name in ("alice", "charlie"):
            house.join(name)
        yield house
    finally:
        house.closing.close()
