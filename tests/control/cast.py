"""A real server on a free port over a temporary database, and the people who call it."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import uvicorn
from sqlalchemy import event
from tests.control.databases import new_database

from pulseboard import accounts, admin, arrivals, billing, orgs, projects, web
from pulseboard.db import Database, migrate, open_shared
from pulseboard.kit.clock import Clock, system_clock
from pulseboard.ledger import SqliteLedger
from pulseboard.mail import Mailer
from pulseboard.settings import Access, Limits, Oidc, Server, Settings

ADMIN_KEY = "the-platform-admin-key-of-these-tests"
PASSWORD = "a horse that staples 9 batteries"


@dataclass
class App:
    """A running application and what it is made of."""

    url: str
    db: Database
    settings: Settings
    keyring: accounts.Keyring
    grants: projects.Grants
    plans: billing.OrgPlans
    meter: billing.Meter
    ledger: SqliteLedger
    http: httpx.Client
    desk: accounts.Desk
    statements: list[str] = field(default_factory=list)


def start_app(
    data_dir: Path,
    *,
    registration: str = "open",
    admin_key: str = ADMIN_KEY,
    limits: Limits | None = None,
    public_url: str = "",
    billing_mode: Literal["off", "builtin"] = "off",
    clock: Clock = system_clock,
    oidc: Oidc | None = None,
    port: int = 0,
    redis_url: str = "",
    database_url: str = "",
) -> tuple[App, Callable[[], None]]:
    """A server over ``data_dir``, and what stops it."""
    settings = Settings(
        server=Server(port=port or _free_port(), data_dir=data_dir, public_url=public_url),
        access=Access(registration=registration, admin_key=admin_key),  # type: ignore[arg-type]
        limits=limits or Limits(auth="100000/minute", read="100000/minute"),
        billing=billing_mode,
        oidc=oidc or Oidc(),
        redis_url=redis_url,
        database_url=database_url or new_database(),
    )
    return _start(settings, clock)


def _start(settings: Settings, clock: Clock) -> tuple[App, Callable[[], None]]:
    data_dir, port = settings.server.data_dir, settings.server.port
    migrate(settings.control_database)
    keyring = accounts.load_keyring(data_dir)
    db = Database(settings.control_database, open_shared(settings.redis_url, keyring.shared_key()))
    meter = billing.Meter({}, ())
    ledger = SqliteLedger(data_dir / "ledger.db")
    plans = billing.OrgPlans(meter, billing=settings.billing != "off")
    grants = projects.Grants(db, clock, plans)
    stop_listening = db.listen(grants.hear)
    mailer = Mailer(settings.server.base_url, sends=False, clock=clock)
    desk = accounts.Desk(db, clock, keyring, mailer, orgs.HOMES, settings)
    litestar = web.build_litestar(
        [*accounts.routes, *orgs.routes, *projects.routes, *billing.routes, *arrivals.routes, *admin.control_routes],
        settings=settings,
        clock=clock,
        db=db,
        keyring=keyring,
        grants=grants,
        ready=lambda: {"status": "ok"},
        dependencies={
            "homes": orgs.HOMES,
            "mailer": mailer,
            "desk": desk,
            "plans": plans,
            "meter": meter,
            "ledger": ledger,
            "watermark": clock,
            "up_since": datetime(2020, 1, 1, tzinfo=UTC),
        },
    )
    asgi = web.front(litestar, https=settings.server.base_url.startswith("https:"))
    stop_server = _serve(asgi, port)
    url = f"http://127.0.0.1:{port}"
    client = httpx.Client(base_url=url, trust_env=False)
    app = App(url, db, settings, keyring, grants, plans, meter, ledger, client, desk)
    event.listen(db.engine, "before_cursor_execute", lambda *args: app.statements.append(args[2]))

    def stop() -> None:
        app.http.close()
        stop_server()
        stop_listening()
        ledger.close()
        db.close()

    return app, stop


def _serve(asgi: Any, port: int) -> Callable[[], None]:  # noqa: ANN401 - ASGI, as loose as it is
    """Runs the application in a thread, and gives what ends it."""
    server = uvicorn.Server(uvicorn.Config(asgi, port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive(), "the server did not start"

    def stop() -> None:
        server.should_exit = True
        thread.join(10)

    return stop


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Person:
    """Somebody who is signed in."""

    http: httpx.Client
    email: str
    tokens: dict[str, Any]

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens['accessToken']}"}

    @property
    def home(self) -> str:
        return str(self.tokens["user"]["orgs"][0]["id"])

    def call(self, method: str, path: str, body: object = None, **params: str | int) -> httpx.Response:
        """One request as this person."""
        return self.http.request(method, path, headers=self.bearer, params=params or None, json=body)

    def get(self, path: str, **params: str | int) -> httpx.Response:
        return self.call("GET", path, None, **params)

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.call("POST", path, body)

    def patch(self, path: str, body: object) -> httpx.Response:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> httpx.Response:
        return self.call("DELETE", path)

    def project(self, **fields: object) -> dict[str, Any]:
        """A new project of theirs."""
        made = self.post("/api/v1/projects", {"name": "shop"} | fields)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def key(self, project_id: str, scope: str = "secret") -> dict[str, Any]:
        """A new key."""
        made = self.post(f"/api/v1/projects/{project_id}/api-keys", {"label": "backend", "scope": scope})
        assert made.status_code == 201, made.text
        return dict(made.json())

    def schema(self, project_id: str, name: str = "order", **fields: object) -> dict[str, Any]:
        """A new schema of an event's properties."""
        body = {"eventName": name, "schema": {"required": ["plan"]}} | fields
        made = self.post(f"/api/v1/projects/{project_id}/event-schemas", body)
        assert made.status_code == 201, made.text
        return dict(made.json())


_count = iter(range(1, 1_000_000))


def sign_up(app: App, name: str) -> Person:
    """A new person."""
    email = f"{name}-{next(_count)}@example.com"
    answer = app.http.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD, "name": name})
    assert answer.status_code == 201, answer.text
    app.http.cookies.clear()
    return Person(app.http, email, answer.json())
