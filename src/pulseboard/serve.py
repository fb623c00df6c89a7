"""Serving: all roles in one process, a clean start and a clean stop."""

import gc
import resource
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import structlog
import uvicorn
from litestar import Litestar
from rich.console import Console

from pulseboard import (
    accounts,
    admin,
    arrivals,
    billing,
    insights,
    issues,
    orgs,
    persons,
    projects,
    saved,
    summaries,
    web,
)
from pulseboard.accounts import setup_token
from pulseboard.app import Parts, open_parts, running
from pulseboard.ingest.answers import Send
from pulseboard.ingest.body import Receive
from pulseboard.ingest.openapi import describe
from pulseboard.ingest.quick import QuickDoors
from pulseboard.ingest.routes import Scope
from pulseboard.kit.listen import listen_at
from pulseboard.live.routes import live
from pulseboard.logs import configure
from pulseboard.monitor import Note
from pulseboard.settings import Server, Settings
from pulseboard.web.doors import DoorProtocol

log = structlog.get_logger(__name__)

UNROUTED = "(no route)"  # what strangers ask for is theirs to invent, and must not become our endpoint names
SWITCH = 0.00005  # seconds a busy thread keeps the interpreter; 5 ms of the writer would stop every request as long
YOUNG = 50_000  # new objects before the collector of cycles looks at them
GRACE = 10  # seconds that open requests may take to end when the server stops

AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


def serve(settings: Settings) -> None:
    """Serves until a signal comes; accepted events are written before the process ends.

    Raises:
        FolderInUse: another process owns the data folder.
        OSError: the address cannot be listened on.
    """
    configure(settings.server)
    with open_parts(settings) as parts:
        sockets = listen_at(settings.server.host, settings.server.port)  # a link to somebody else's port helps nobody
        config = uvicorn.Config(
            asgi(parts),
            host=settings.server.host,
            port=settings.server.port,
            loop="uvloop",
            http=_protocol(parts),
            ws="websockets-sansio",
            ws_max_size=64 * 1024,  # clients only ever send their token
            lifespan="on",
            access_log=False,  # every request is an event of the system project instead
            log_config=None,
            server_header=False,
            proxy_headers=bool(settings.server.trusted_proxies),
            forwarded_allow_ips=list(settings.server.trusted_proxies),
            timeout_graceful_shutdown=GRACE,
        )
        _let_the_server_return()
        sys.setswitchinterval(SWITCH)
        _calm_the_collector()
        _allow_connections()
        with running(parts):
            _greet(parts)
            uvicorn.Server(config).run(sockets)
            log.info("stopping; writing what was accepted")


def _allow_connections() -> None:
    """Each connection is an open file, and the usual limit of 1,024 is a courtesy to programs that use select()."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _calm_the_collector() -> None:
    """What is there now stays for good, and need not be looked through for cycles again and again.

    Each look stops every thread; events make no cycles, so that most looks are for nothing (docs/benchmarks.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


def _protocol(parts: Parts) -> type[DoorProtocol]:
    """uvicorn makes one for every connection; what they share stands on their class."""

    def note(at: int, began: float, door: str, status: int) -> None:
        parts.monitor.note(Note(at, "POST", door, status, (time.perf_counter() - began) * 1000))

    doors = QuickDoors(parts.gate, parts.spool, parts.clock, note)
    return type("PulseboardProtocol", (DoorProtocol,), {"entrance": doors})


def openapi_document() -> bytes:
    """The OpenAPI document as JSON, made from an installation that lives only for this."""
    with TemporaryDirectory() as folder:
        server = replace(Server(), data_dir=Path(folder))
        with open_parts(replace(Settings(), server=server, self_monitor=False)) as parts:
            document: bytes = _router(parts).state["openapi"]
            return document


def _let_the_server_return() -> None:
    """uvicorn raises the signal again that stopped it, and by default that would end the process before the writer."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)


def _greet(parts: Parts) -> None:
    server = parts.settings.server
    console = Console(stderr=True, highlight=False)
    console.print(f"[bold]Pulseboard[/] is at {server.base_url}/app/")
    if (token := setup_token(parts.db, server.data_dir)) is not None:
        console.print(f"Set it up here, once: {server.base_url}/app/setup?token={token}", soft_wrap=True)


def asgi(parts: Parts) -> AsgiApp:
    """The whole application: doors first, everything else through the router; every request is noted by the monitor."""
    doors = parts.ingest()
    noted = _noting(web.attended(cast(AsgiApp, _router(parts)), parts.store), parts)
    routed = web.front(noted, https=parts.settings.server.base_url.startswith("https:"))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        door = doors.at(scope["method"], path) if path else None
        if door is None:
            await routed(scope, receive, send)
            return
        started = time.perf_counter()
        status = await door(scope, receive, send)
        _note(parts, started, scope["method"], path, status)

    return app


def _router(parts: Parts) -> Litestar:
    return web.build_litestar(
        [
            *accounts.routes,
            *orgs.routes,
            *projects.routes,
            *billing.routes,
            *insights.routes,
            *saved.routes,
            *summaries.routes,
            *issues.routes,
            *persons.routes,
            *arrivals.routes,
            *admin.routes,
            live,
        ],
        settings=parts.settings,
        clock=parts.clock,
        db=parts.db,
        keyring=parts.keyring,
        grants=parts.grants,
        ready=parts.ready,
        dependencies={
            "store": parts.reads,
            "numbered": parts.numbered,
            "eraser": parts.eraser(),
            "segments": parts.segments,
            "ledger": parts.ledger,
            "figures": parts.figures,
            "kept_since": parts.retention.kept_since,
            "spool": parts.spool,
            "received": parts.ledger.total,
            "usage": parts.usage,
            "plans": parts.plans,
            "meter": parts.meter,
            "homes": orgs.HOMES,
            "mailer": parts.mailer,
            "desk": parts.desk,
            "watermark": parts.watermark,
            "up_since": parts.clock(),
            "hub": parts.hub,
            "conceal": parts.conceal,
            "admission": web.Watch(parts.db, parts.clock, parts.keyring, parts.grants),
        },
        described=describe(),
    )


def _noting(router: AsgiApp, parts: Parts) -> AsgiApp:
    """The router, with each of its requests told to the monitor by the route's template."""

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI, as loose as it is
        if scope["type"] != "http":
            await router(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sending(message: Any) -> None:  # noqa: ANN401
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await router(scope, receive, sending)
        _note(parts, started, scope["method"], scope.get("path_template") or UNROUTED, status)

    return app


def _note(parts: Parts, started: float, method: str, endpoint: str, status: int) -> None:
    took = (time.perf_counter() - started) * 1000
    at = int(parts.clock().timestamp() * 1000 - took)
    parts.monitor.note(Note(at, method, endpoint, status, took))
