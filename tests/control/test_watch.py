"""Who watches a live view must still be allowed to, each second: keys are revoked and sessions end meanwhile."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from tests.control.cast import App, Person

from pulseboard.errors import NotFound, Unauthenticated
from pulseboard.kit.clock import system_clock
from pulseboard.web import Watch
from pulseboard.web.watch import Check


def watch(app: App, project_id: str, headers: dict[str, str]) -> Check:
    socket: Any = SimpleNamespace(headers=headers, cookies={}, client=None)
    return asyncio.run(_admitted(Watch(app.db, system_clock, app.keyring, app.grants), socket, project_id))


async def _admitted(admission: Watch, socket: Any, project_id: str) -> Check:  # noqa: ANN401 -- a stand-in
    return await admission(socket, None, project_id)


def again(check: Check) -> None:
    async def run() -> None:
        await check()

    asyncio.run(run())


@pytest.fixture
def project(alice: Person) -> str:
    return str(alice.post("/api/v1/projects", {"name": "Shop"}).json()["id"])


def test_a_revoked_key_stops_watching(app: App, alice: Person, project: str) -> None:
    key = alice.post(f"/api/v1/projects/{project}/api-keys", {"label": "tv", "scope": "secret"}).json()
    check = watch(app, project, {"x-api-key": key["key"]})
    again(check)
    alice.patch(f"/api/v1/projects/{project}/api-keys/{key['id']}", {"status": "revoked"})
    with pytest.raises(Unauthenticated):
        again(check)


def test_who_signs_out_stops_watching(app: App, alice: Person, project: str) -> None:
    check = watch(app, project, alice.bearer)
    again(check)
    alice.post("/api/v1/auth/logout")
    with pytest.raises(Unauthenticated):
        again(check)


def test_a_deleted_project_is_watched_by_nobody(app: App, alice: Person, project: str) -> None:
    check = watch(app, project, alice.bearer)
    alice.call("DELETE", f"/api/v1/projects/{project}")
    with pytest.raises(NotFound):
        again(check)


def test_a_strangers_project_is_not_there(app: App, charlie: Person, project: str) -> None:
    with pytest.raises(NotFound):
        watch(app, project, charlie.bearer)
