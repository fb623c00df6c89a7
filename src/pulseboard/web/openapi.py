"""The OpenAPI document: Litestar writes it from the handlers; what is the same for all of them is written here once."""

import re
from collections.abc import Collection, Iterator
from inspect import cleandoc
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition
from litestar.utils.sync import AsyncCallable

from pulseboard import __version__
from pulseboard.kit.wire import MOMENT, In, Out
from pulseboard.web.idempotency import MAX_KEY, honours, secrets_of
from pulseboard.web.problems import MEDIA_TYPE, wire_name

Document = dict[str, Any]

DESCRIPTION = (
    "Events in, exact numbers out.\n\n"
    "People send `Authorization: Bearer <access token>`, programs `x-api-key: <key>`. "
    "Every failure is an RFC 9457 problem document. Lists are `{items, total, nextCursor}`."
)
_FINE = {"200": "Done.", "201": "Made.", "204": "Done; there is nothing to say."}

_TITLES = {
    400: "The body is not JSON.",
    401: "No or bad credentials.",
    402: "The plan does not include it.",
    403: "The role, the key's scope, or the installation's settings do not allow it.",
    404: "Not there, or another tenant's.",
    409: "It conflicts with what is there.",
    413: "The body is too large.",
    415: "The body is not declared as JSON.",
    422: "Well-formed but invalid; `errors` names the fields.",
    429: "Too many requests; see `Retry-After`.",
    503: "A part does not answer; see `Retry-After`.",
}
_FAULT = {
    "type": "object",
    "required": ["path", "message"],
    "properties": {
        "path": {"type": "string", "description": "Dotted path of the field; empty for the whole body."},
        "message": {"type": "string"},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "A stable word for the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FAULT, "description": "There on every 422."},
    },
}
_RATE_HEADERS = {
    name: {"schema": {"type": "integer"}, "description": text}
    for name, text in (
        ("RateLimit-Limit", "Requests per window."),
        ("RateLimit-Remaining", "Requests left in this window."),
        ("RateLimit-Reset", "Seconds until the window ends."),
    )
}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "pb_access"},
}


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes sending again harmless: for 24 hours the same key and body are answered the same, without "
    "secrets; another body is 422, and 409 while the first one is under way.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
}
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")
_NAMES_OF_TENANTS = {"projectId", "orgId"}


def openapi_config() -> OpenAPIConfig:
    """The generator's settings; serving the document is ours, so that every page works offline."""
    return OpenAPIConfig(
        title="Pulseboard",
        version=__version__,
        description=DESCRIPTION,
        use_handler_docstrings=True,
        operation_id_creator=operation_id,
        path="/.openapi",
    )


def operation_id(handler: HTTPRouteHandler, _method: Method, _path: list[str | PathParameterDefinition]) -> str:
    """The handler's name in camelCase, which clients that are generated call their methods."""
    function: Any = handler.fn
    while isinstance(function, AsyncCallable):  # what runs in a thread is wrapped, once a registration
        function = function.func
    head, *rest = str(function.__name__).split("_")
    return head + "".join(word.capitalize() for word in rest)


def document(app: Litestar, described: tuple[Document, Document]) -> Document:
    """The whole document, with the paths and schemas of routes that are not the router's."""
    made: Document = app.openapi_schema.to_schema()
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if operation := made["paths"].get(route.path_format, {}).get(method.lower()):
                _complete(operation, handler, route.path_format)
                if honours(handler):
                    _let_be_null(made, operation["responses"][str(handler.status_code)], secrets_of(handler))
    made["paths"] = {_PATH_PARAMETER.sub(_camel, path): item for path, item in made["paths"].items()}
    for path, item in described[0].items():
        made["paths"].setdefault(path, {}).update(item)
    components = made.setdefault("components", {})
    components["schemas"] = _exact(components.get("schemas", {})) | described[1] | {"Problem": _PROBLEM}
    components["securitySchemes"] = _SECURITY
    return made


def _let_be_null(made: Document, response: Document, secrets: Collection[str]) -> None:
    """A secret is shown once: when the request is sent again with its key, it is null."""
    for content in response.get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        fields = made["components"]["schemas"].get(name, {}).get("properties", {})
        for field in (fields[secret] for secret in secrets if secret in fields):
            if field.get("type") == "string":
                field["type"] = ["string", "null"]
            elif {"type": "null"} not in field.get("oneOf", [{"type": "null"}]):
                field["oneOf"].append({"type": "null"})


def _camel(parameter: re.Match[str]) -> str:
    return "{" + wire_name(parameter[1]) + "}"


def _exact(schemas: Document) -> Document:
    """Says what the generator leaves out: what a body means, that it takes no unknown keys, which texts are times."""
    closed = {shape.__name__ for shape in _below(In)}
    meant = {shape.__name__: shape.__dict__.get("__doc__") for shape in (*_below(In), *_below(Out))}
    for name, schema in schemas.items():
        if name in closed:
            schema["additionalProperties"] = False
        if text := meant.get(name):
            schema["description"] = _markdown(cleandoc(text))
        for field in schema.get("properties", {}).values():
            if field.get("description") == MOMENT:
                (field.get("oneOf") or [field])[0]["format"] = "date-time"
    return schemas


def _markdown(text: str) -> str:
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _below(shape: type[object]) -> Iterator[type[object]]:
    for inner in type.__subclasses__(shape):
        yield inner
        yield from _below(inner)


def _complete(operation: Document, handler: HTTPRouteHandler, path: str) -> None:
    public = bool(handler.opt.get("public"))
    operation["security"] = [] if public else [{name: []} for name in _SECURITY]
    operation["description"] = _markdown(operation.get("description") or "")
    operation["summary"] = operation["description"].split("\n")[0].rstrip(".")
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["name"] = wire_name(parameter["name"])
    if honours(handler):
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    _optional_body(operation)
    responses: Document = operation["responses"]
    for word, sentence in _FINE.items():
        if word in responses:
            responses[word]["description"] = sentence
    if files := handler.opt.get("files"):  # what a file is in; a handler that streams one declares JSON
        responses["200"]["content"] = {each: {"schema": {"type": "string"}} for each in files}
    responses.get("204", {}).pop("content", None)  # a handler that answers with cookies and nothing else declares null
    for status in _problem_statuses(operation, handler, path):
        responses[str(status)] = {
            "description": _TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if not public or handler.opt.get("limited_by_address"):
        for answer in responses.values():
            answer["headers"] = {**answer.get("headers", {}), **_RATE_HEADERS}


def _optional_body(operation: Document) -> None:
    """A body that may be left out is told from one that may be ``null``."""
    body = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        choices = content["schema"].get("oneOf", [])
        if {"type": "null"} in choices:
            body["required"] = False
            content["schema"] = next(choice for choice in choices if choice != {"type": "null"})


def _problem_statuses(operation: Document, handler: HTTPRouteHandler, path: str) -> list[int]:
    operation["responses"].pop("400", None)  # Litestar's own, with another shape
    statuses = set(handler.opt.get("problems", ()))
    if not handler.opt.get("public"):
        statuses |= {401, 403, 429, 503}
    if honours(handler):
        statuses |= {409, 422}
    if handler.opt.get("limited_by_address"):
        statuses |= {429, 503}
    if "{" in path or _NAMES_OF_TENANTS & {parameter["name"] for parameter in operation.get("parameters", ())}:
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    if path.startswith("/api/"):
        statuses.add(422)
    return sorted(statuses)
