"""A clock that leaps over a month's end, and one that is set back or ahead: each month's quota holds all the same."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulseboard import accounts, orgs
from pulseboard.app import Parts, open_parts
from pulseboard.serve import asgi
from pulseboard.settings import Server, Settings
from pulseboard.spool.base import Parcel
from pulseboard.store import ProjectScope

SILVESTER = datetime(2026, 12, 31, 23, 59, 50, tzinfo=UTC)
PASSWORD = "a horse that staples 9 batteries"


@dataclass
class Shop:
    """A whole installation in this process, on the Free plan (1,000 events a month), with a clock that tests set."""

    folder: Path
    now: datetime = SILVESTER
    project_id: str = ""
    key: str = ""
    closing: ExitStack = field(default_factory=ExitStack)

    def open(self) -> None:
        server = replace(Server(), data_dir=self.folder)
        settings = replace(Settings(), server=server, self_monitor=False, billing="builtin")
        self.parts: Parts = self.closing.enter_context(open_parts(settings, lambda: self.now))
        self.app = asgi(self.parts)

    def restart(self) -> None:
        self.closing.close()
        self.closing = ExitStack()
        self.open()

    def post(self, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
                return await http.post(path, json=body, headers=headers)

        return asyncio.run(call())

    def send(self, count: int, **event: Any) -> int:  # noqa: ANN401
        """How many of ``count`` events are taken."""
        body = {"events": [{"name": "step", **event} for _ in range(count)]}
        answer = self.post("/ingest/batch", body, {"x-api-key": self.key})
        if answer.status_code == 429:
            assert answer.json()["type"] == "quota-exceeded"
            assert int(answer.headers["retry-after"]) > 0
            return 0
        assert answer.status_code == 202, answer.text
        return int(answer.json()["accepted"])

    def write(self) -> None:
        self.parts.writer.drain()

    def used(self, month: int) -> int:
        return self.parts.meter.used([self.project_id], month)

    def stored(self) -> int:
        rows = self.parts.store.read("SELECT count() AS n FROM events", {}, ProjectScope(self.project_id))
        return int(rows[0]["n"])


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    shop = Shop(folder)
    shop.open()
    try:
        parts = shop.parts
        accounts.add_person(
            parts.db, parts.clock, orgs.HOMES, email="a@example.com", password=PASSWORD, name="Alice", superadmin=False
        )
        login = {"email": "a@example.com", "password": PASSWORD}
        token = shop.post("/api/v1/auth/login", login, {}).json()["accessToken"]
        bearer = {"authorization": f"Bearer {token}"}
        shop.project_id = shop.post("/api/v1/projects", {"name": "shop"}, bearer).json()["id"]
        keys = f"/api/v1/projects/{shop.project_id}/api-keys"
        shop.key = shop.post(keys, {"label": "shop", "scope": "ingest"}, bearer).json()["key"]
        yield shop
    finally:
        shop.closing.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "data") as shop:
        yield shop


def test_a_month_ends_between_two_requests_and_the_clock_goes_back_over_its_end(shop: Shop) -> None:
    assert shop.send(600) == 600
    shop.now += timedelta(seconds=20)
    assert shop.send(600) == 600
    shop.now -= timedelta(seconds=15)  # December again
    assert shop.send(600) == 400
    assert shop.send(1) == 0
    shop.write()
    shop.now += timedelta(seconds=15)
    assert shop.send(600) == 400
    shop.write()
    assert (shop.used(202612), shop.used(202701), shop.stored()) == (1_000, 1_000, 2_000)


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(days=-61), timedelta(days=57), timedelta(days=200)])
def test_a_clock_that_is_wrong_for_a_while_lets_nobody_past_the_quota_and_counts_no_id_again(
    shop: Shop, wrong: timedelta
) -> None:
    assert shop.send(900, id="order-1") == 900
    shop.write()
    assert shop.send(300) == 300
    for clock in (wrong, -wrong):
        shop.now += clock
        shop.write()
        before = shop.stored()
        assert shop.send(5, id="order-1") == 5
        shop.write()
        assert shop.stored() == before
        shop.send(1_000)
        shop.write()
        shop.restart()
        assert shop.send(1) == 0
    months = {moment.year * 100 + moment.month for moment in (SILVESTER, SILVESTER + wrong)}
    assert [shop.used(month) for month in months] == [1_000] * len(months)
    assert shop.stored() == 1_000 * len(months)


def test_a_request_whose_client_left_is_charged_when_it_is_kept(shop: Shop) -> None:
    spool = shop.parts.spool
    real = spool.put

    async def leave() -> None:
        committed = asyncio.Event()

        async def put(parcel: Parcel) -> None:
            await real(parcel)
            committed.set()
            await asyncio.sleep(60)

        spool.put = put  # type: ignore[method-assign]
        transport = httpx.ASGITransport(shop.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            body = {"events": [{"name": "step"} for _ in range(10)]}
            task = asyncio.create_task(http.post("/ingest/batch", json=body, headers={"x-api-key": shop.key}))
            await committed.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(leave())
    spool.put = real  # type: ignore[method-assign]
    assert shop.used(202612) == 10
    shop.write()
    assert (shop.used(202612), shop.stored()) == (10, 10)
