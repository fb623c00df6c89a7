"""The HTTP application, put together from handlers and what they need."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from limits import parse
from litestar import Litestar, Response, Router, get
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from pulseboard.accounts import Keyring, prepare
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.kit.rate import Rate
from pulseboard.projects import Grants
from pulseboard.settings import Settings
from pulseboard.web import health, static
from pulseboard.web.actor import Door, provide_actor, tell_rate
from pulseboard.web.health import Ready
from pulseboard.web.idempotency import Idempotency
from pulseboard.web.openapi import Document, document, openapi_config
from pulseboard.web.problems import problem_response
from pulseboard.web.providers import provide_caller, provide_project, provide_reach
from pulseboard.web.request import ApiRequest
from pulseboard.web.security_txt import security_txt

MAX_BODY = 1024 * 1024  # bytes, on control routes
THREADS = 40  # handlers are plain functions that wait for the database


def build_litestar(
    handlers: Sequence[ControllerRouterHandler],
    *,
    settings: Settings,
    clock: Clock,
    db: Database,
    keyring: Keyring,
    grants: Grants,
    ready: Ready,
    dependencies: Mapping[str, object],
    described: tuple[Document, Document] = ({}, {}),
) -> Litestar:
    """The router with its guard, its problem documents and its pages; ``web.front`` goes around it.

    ``dependencies`` are values that handlers receive by naming them, beside ``actor``, ``caller``, ``project``, ``db``,
    ``clock``, ``settings``, ``keyring``, ``grants``. ``described`` are OpenAPI paths and schemas of routes outside the
    router.

    Raises:
        ImproperlyConfiguredException: two handlers have the same name, and a generated client would lose one.
    """
    readers, strangers = Rate(parse(settings.limits.read)), Rate(parse(settings.limits.auth))
    door = Door(db, clock, keyring, grants, readers, strangers)
    idempotency = Idempotency(db, clock)
    own = {"settings": settings, "clock": clock, "db": db, "keyring": keyring, "grants": grants, "ready": ready}
    app = Litestar(
        # In one router, because Litestar 2.25 wraps a threaded handler once more whenever its path is registered again.
        [Router("/", route_handlers=[*handlers, *health.routes, *static.routes, security_txt, openapi_json])],
        dependencies=_providers({**own, **dependencies}),
        guards=[door.guard],
        exception_handlers={Exception: problem_response},
        before_request=idempotency.before,
        before_send=[tell_rate, idempotency.sent],
        request_class=ApiRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=openapi_config(),
        on_startup=[_widen_threads, prepare],
        logging_config=None,
    )
    _note_known_queries(app)
    app.state["openapi"] = msgspec.json.encode(document(app, described))
    return app


def _providers(values: Mapping[str, object]) -> dict[str, Provide]:
    providers = {name: Provide(_giving(value), sync_to_thread=False) for name, value in values.items()}
    return providers | {
        "actor": Provide(provide_actor, sync_to_thread=False),
        "caller": Provide(provide_caller, sync_to_thread=False),
        "project": Provide(provide_project, sync_to_thread=True),
        "reach": Provide(provide_reach, sync_to_thread=False),
    }


def _giving(value: object) -> Any:  # noqa: ANN401 -- a function that Litestar inspects
    def give() -> Any:  # noqa: ANN401
        return value

    return give


def _note_known_queries(app: Litestar) -> None:
    """Tells the guard each route's query parameters, those of its dependencies included."""
    for route in app.routes:
        for handler, kwargs in getattr(route, "route_handler_map", {}).values():
            if not handler.opt.get("any_query"):
                handler.opt["query"] = frozenset(parameter.field_alias for parameter in kwargs.expected_query_params)


async def _widen_threads() -> None:
    # asyncio's default is six on two cores: six slow reads would hold up every other route.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="web"))


@get(
    "/openapi.json", opt={"public": True}, include_in_schema=False, sync_to_thread=False, media_type="application/json"
)
def openapi_json(request: ApiRequest) -> Response[bytes]:
    """The OpenAPI document."""
    return Response(request.app.state["openapi"], media_type="application/json", headers={"Cache-Control": "no-cache"})
