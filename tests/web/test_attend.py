"""A client that hangs up stops its reads; whoever runs Pulseboard is told what reads took, and nobody else."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from bench.served import Access, Served, serving, set_up

from pulseboard.store import ProjectScope, Stopped
from pulseboard.store.chdb import Budget, open_chdb
from pulseboard.web import attended

SCOPE = ProjectScope("01970000-0000-7000-8000-00000000000a")
SLOW = "SELECT count(), sum(sipHash64(number)) FROM numbers(100000000000)"
BOB = {"email": "bob@example.com", "password": "correct horse battery", "name": "Bob"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Access]]:
    folder = tmp_path_factory.mktemp("attend") / "data"
    with serving(folder, {"PULSEBOARD_REGISTRATION": "open"}) as server:
        yield server, set_up(server)


def test_an_explanation_tells_the_statements_and_what_they_took(served: tuple[Served, Access]) -> None:
    server, access = served
    url, asked = f"{server.url}/api/v1/metrics/overview", {"projectId": access.project_id, "from": "2026-01-01"}
    plain = httpx.get(url, params=asked, headers=access.as_person).json()
    told = httpx.get(url, params={**asked, "explain": "true"}, headers=access.as_person)
    assert told.status_code == 200
    explained = told.json()
    statements = explained.pop("explain")
    assert statements
    assert all(each["sql"].startswith("SELECT") and each["rowsRead"] >= 0 for each in statements)
    assert explained.keys() == plain.keys()
    assert explained["totalEvents"] == plain["totalEvents"]


def test_nobody_else_is_told(served: tuple[Served, Access]) -> None:
    server, access = served
    bob = httpx.post(f"{server.url}/auth/register", json=BOB).json()
    own = httpx.post(
        f"{server.url}/projects", json={"name": "Bob's"}, headers={"authorization": f"Bearer {bob['accessToken']}"}
    ).json()["id"]
    for headers, project in (
        ({"authorization": f"Bearer {bob['accessToken']}"}, own),
        (access.as_program, access.project_id),
    ):
        asked = {"projectId": project, "explain": "true"}
        refused = httpx.get(f"{server.url}/metrics/overview", params=asked, headers=headers)
        assert refused.status_code == 403
        assert "sql" not in refused.text.lower()
    assert httpx.get(f"{server.url}/metrics/overview?explain=true").status_code == 401
    assert httpx.get(f"{server.url}/api/v1/billing/plans?explain=true").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_that_hangs_up_stops_its_reads(tmp_path: Path, method: str) -> None:
    store = open_chdb(tmp_path, lambda: datetime.now(UTC), Budget(seconds=60))
    began, ended = threading.Event(), threading.Event()

    def read() -> None:
        began.set()
        try:
            store.read(SLOW, {}, SCOPE)
        except Stopped:
            ended.set()
            raise

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI, as loose as it is
        while scope["method"] == "POST" and (await receive()).get("more_body"):
            pass
        await asyncio.to_thread(read)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    server = uvicorn.Server(uvicorn.Config(attended(app, store), port=0, lifespan="off", log_level="critical"))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(server.run)
        while not server.started:
            time.sleep(0.01)
        with socket.create_connection(server.servers[0].sockets[0].getsockname()) as client:
            client.sendall(f"{method} / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{{}}".encode())
            assert began.wait(30)
            assert not ended.wait(0.5)
        try:
            assert ended.wait(30)
            assert store.read("SELECT 1 AS one", {}, SCOPE) == [{"one": 1}]
        finally:
            server.should_exit = True
            running.result(60)
            store.close()
