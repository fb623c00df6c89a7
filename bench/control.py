"""The control plane with many tenants: what a call costs in statements and in time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mode
from typing import Any

import httpx
import uvicorn
from sqlalchemy import event, insert

from bench.served import UNLIMITED, free_port
from bench.table import Line
from pulseboard import accounts, orgs
from pulseboard.app import Parts, open_parts
from pulseboard.kit.ids import new_id
from pulseboard.orgs.models import Membership, Org
from pulseboard.projects.models import ApiKey, Project
from pulseboard.serve import asgi
from pulseboard.settings import Limits, Server, Settings

ORGS = 10_000
PEOPLE = 20_000
MEMBERS = 10  # of an organisation
PROJECTS = 2  # of an organisation
STATEMENTS = 3
P95 = 30  # ms
CALLS = 200
_NOW = datetime(2026, 1, 15, tzinfo=UTC)
_CHUNK = 10_000


@dataclass(frozen=True)
class Ids:
    """Alice's token, and what stands in paths."""

    token: str
    org: str
    project: str
    key: str
    member: str


Call = tuple[str, str, Callable[[int], object]]  # method, path, body by the number of the call


def calls(ids: Ids) -> dict[str, Call]:
    """What is measured, by what it is."""
    org, project = f"/api/v1/orgs/{ids.org}", f"/api/v1/projects/{ids.project}"
    key, member = f"{project}/api-keys/{ids.key}", f"{org}/members/{ids.member}"

    def named(number: int) -> object:
        return {"name": f"name {number}"}

    def nothing(_number: int) -> None:
        return None

    return {
        "who am I": ("GET", "/api/v1/auth/me", nothing),
        "my organisations": ("GET", "/api/v1/orgs", nothing),
        "an organisation": ("GET", org, nothing),
        "its members": ("GET", f"{org}/members", nothing),
        "its audit log": ("GET", f"{org}/audit-log", nothing),
        "my projects": ("GET", "/api/v1/projects", nothing),
        "a project": ("GET", project, nothing),
        "its keys": ("GET", f"{project}/api-keys", nothing),
        "rename an organisation": ("PATCH", org, named),
        "change a role": ("PATCH", member, lambda number: {"role": ("viewer", "member")[number % 2]}),
        "rename a project": ("PATCH", project, named),
        "make a project": ("POST", "/api/v1/projects", lambda number: {"name": str(number), "orgId": ids.org}),
        "make a key": ("POST", f"{project}/api-keys", lambda number: {"label": str(number)}),
        "rename a key": ("PATCH", key, lambda number: {"label": str(number)}),
        "make an organisation": ("POST", "/api/v1/orgs", named),
    }


def lines(folder: Path) -> list[Line]:
    """A line a call; the server and its client share one process, so that times are rather too long than too short."""
    limits = Limits(auth=UNLIMITED, read=UNLIMITED)
    settings = replace(Settings(), server=replace(Server(), data_dir=folder), limits=limits, self_monitor=False)
    with open_parts(settings) as parts:
        ids = fill(parts)
        statements: list[str] = []
        event.listen(parts.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        with served_here(parts) as url, httpx.Client(base_url=url, headers=_bearer(ids), timeout=60) as client:
            return [_line(name, call, client, statements) for name, call in calls(ids).items()]


def fill(parts: Parts) -> Ids:
    """Ten thousand organisations with ten members, two projects and two keys each; Alice owns twenty of them."""
    alice = accounts.add_person(
        parts.db, parts.clock, orgs.HOMES, email="alice@example.com", password="correct horse battery"
    )
    people = [new_id() for _ in range(PEOPLE)]
    tenants = [new_id() for _ in range(ORGS)]
    memberships = [
        {"id": new_id(), "org_id": org, "user_id": people[(number * 7 + place * 1_999) % PEOPLE]}
        | {"role": "owner" if place == 0 else "member", "created_at": _NOW}
        for number, org in enumerate(tenants)
        for place in range(MEMBERS)
    ]
    own = [
        {"id": new_id(), "org_id": org, "user_id": alice.user.id, "role": "owner", "created_at": _NOW}
        for org in tenants[:: ORGS // 20]
    ]
    projects = [_project(org) for org in tenants for _ in range(PROJECTS)]
    keys = [_key(project["id"]) for project in projects for _ in range(2)]
    _put(parts, accounts.User, [_person(user) for user in people])
    _put(parts, Org, [{"id": org, "name": org, "system": False, "plan": "free", "created_at": _NOW} for org in tenants])
    _put(parts, Membership, memberships + own)
    _put(parts, Project, projects)
    _put(parts, ApiKey, keys)
    token = parts.keyring.access_token(alice.user.id, alice.session_id, parts.clock())
    return Ids(token, tenants[0], projects[0]["id"], keys[0]["id"], memberships[1]["id"])


def _person(user_id: str) -> dict[str, Any]:
    email = f"{user_id}@example.com"
    return {"id": user_id, "email": email, "email_key": email, "name": "", "password_hash": "x", "created_at": _NOW}


def _project(org_id: str) -> dict[str, Any]:
    named = {"id": new_id(), "org_id": org_id, "name": "shop", "description": "", "environment": "prod"}
    return named | {"timezone": "UTC", "domains": (), "system": False, "created_at": _NOW}


def _key(project_id: str) -> dict[str, Any]:
    key_id = new_id()
    named = {"id": key_id, "project_id": project_id, "label": "k", "scope": "secret", "prefix": "sk_live_xxxx"}
    return named | {"key_hash": key_id, "status": "active", "created_at": _NOW}


def _put(parts: Parts, model: type[Any], rows: list[dict[str, Any]]) -> None:
    with parts.db.write() as session:
        for start in range(0, len(rows), _CHUNK):
            session.execute(insert(model), rows[start : start + _CHUNK])


@contextmanager
def served_here(parts: Parts) -> Iterator[str]:
    """The application in a thread of this process, for the length of the block, and its URL."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(asgi(parts), port=port, log_level="error", lifespan="on", loop="uvloop"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _bearer(ids: Ids) -> dict[str, str]:
    return {"authorization": f"Bearer {ids.token}"}


def _line(name: str, call: Call, client: httpx.Client, statements: list[str]) -> Line:
    method, path, body = call
    took: list[float] = []
    spent: list[int] = []
    for number in range(CALLS):
        statements.clear()
        content = body(number)
        began = time.perf_counter()
        client.request(method, path, json=content).raise_for_status()
        took.append((time.perf_counter() - began) * 1000)
        spent.append(sum(not text.startswith(("BEGIN", "PRAGMA")) for text in statements))
    p95 = sorted(took)[int(CALLS * 0.95)]
    usual, most = mode(spent), max(spent)
    told = f"{usual} statements" + (f", {most} once a second" if most > usual else "")  # who asks is known for a second
    bar = f"<= {STATEMENTS} statements, p95 < {P95} ms"
    met = usual <= STATEMENTS and p95 < P95
    return Line(f"{name}, 10,000 organisations", f"{p95:.1f} ms", told, "", bar, met)
