"""The doors' part of the OpenAPI document, made from the very types that the doors decode."""

import re
from typing import Any

import msgspec

from pulseboard.ingest.body import ENCODINGS, JSON
from pulseboard.ingest.doors import LINES, TEXT
from pulseboard.ingest.doors.calls import ApiCall
from pulseboard.ingest.doors.custom import CustomEvent
from pulseboard.ingest.doors.typed import TypedEvent
from pulseboard.ingest.doors.visit import Visited
from pulseboard.ingest.raw import MAX_DEPTH, MAX_NAME, RawEvent
from pulseboard.ingest.shape import MAX_EVENTS

Document = dict[str, Any]

_NAMES = {"RawEvent": "IngestEvent", "Visited": "SiteVisit"}  # where the name in the code says less to a client
_PROPERTIES: Document = {
    "type": ["object", "null"],
    "additionalProperties": True,
    "description": f"Any JSON object, at most 64 KiB and {MAX_DEPTH} levels deep",
}
_METHODS = "Also in lower case"
_BY_KEY: list[Document] = [{"apiKey": []}]
_BY_BODY: list[Document] = [{"apiKey": []}, {}]
_BY_SITE: list[Document] = [{}, {"bearer": []}, {"apiKey": []}]
_DURABLE = "Answers once the events are on disk."
_MANY = f"The good are kept, the bad are listed. With a body of lines, one event each, they are numbered without the \
blank ones. {_DURABLE}"
_REFUSALS = {
    "400": "Not JSON, or damaged on the way",
    "401": "No or unknown key or token",
    "403": "Not from here: an origin, an address or a page that the project does not take from",
    "413": "Too large",
    "415": f"Another media type, or packed otherwise than with one of {ENCODINGS}",
    "422": f"A field is wrong; names and ids have 1 to {MAX_NAME} characters",
    "429": "Too many requests, or the plan's events are used up; see Retry-After",
    "503": "Events cannot be made durable now; see Retry-After",
}
_NO_SITE = {"404": "There is no such site, or it is not the sender's"}


class Queued(msgspec.Struct):
    """The event is on disk."""

    status: str
    id: str


class QueuedBatch(msgspec.Struct):
    """``accepted`` events are on disk; the others are listed."""

    status: str
    accepted: int
    rejected: list["RejectedEvent"]


class RejectedEvent(msgspec.Struct):
    index: int
    errors: list["Fault"]
    type: str


class Fault(msgspec.Struct):
    path: str
    message: str


def describe() -> tuple[Document, Document]:
    """Paths and component schemas, as plain dictionaries."""
    shapes = [RawEvent, ApiCall, Visited, CustomEvent, TypedEvent, Queued, QueuedBatch]
    _, made = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    schemas = {_NAMES.get(name, name): _schema(_NAMES.get(name, name), schema) for name, schema in made.items()}
    schemas["IngestBatch"] = _batch("IngestEvent")
    schemas["TypedBatch"] = _batch("TypedEvent")
    return _paths(), schemas


def _paths() -> Document:
    calls = {"anyOf": [_ref("ApiCall"), _array("ApiCall")]}
    lines = {media_type: {"schema": {"type": "string"}} for media_type in LINES}
    many: Document = {"answer": _ref("QueuedBatch"), "text": _MANY, "more": lines}
    beacon = {TEXT: {"schema": {"type": "string", "description": "The same JSON, as navigator.sendBeacon sends it"}}}
    return {
        "/api/v1/ingest/event": _post("ingestEvent", "Takes one event", _ref("IngestEvent")),
        "/api/v1/ingest/batch": _post("ingestBatch", "Takes up to 5,000 events", _ref("IngestBatch"), **many),
        "/api/v1/track": _post(
            "trackCalls",
            "Takes API calls that an app has answered: one, or a list of up to 5,000",
            calls,
            **many | {"answer": {"anyOf": [_ref("Queued"), _ref("QueuedBatch")]}},
            security=_BY_BODY,
        ),
        "/track": _post(
            "trackVisit",
            "Takes what a visitor's browser reports of a page",
            _ref("SiteVisit"),
            text="The url is on one of the site's domains. Without a token or key, so is the page that sends it.",
            more=beacon,
            security=_BY_SITE,
        ),
        "/api/events/": _post(
            "sendCustomEvent",
            "Takes one event of the app's own",
            _ref("CustomEvent"),
            text=f"`user_id`, `session_id` and `anonymous_id` among the properties are the event's. {_DURABLE}",
        ),
        "/api/v1/events": _post("sendEvent", "Takes one event, whose name is its type if left out", _ref("TypedEvent")),
        "/api/v1/events/bulk": _post("sendEvents", "Takes up to 5,000 events", _ref("TypedBatch"), **many),
        "/track.gif": _picture(),
    }


def _post(
    operation_id: str,
    summary: str,
    body: Document,
    *,
    answer: Document | None = None,
    text: str = _DURABLE,
    more: Document | None = None,
    security: list[Document] = _BY_KEY,
) -> Document:
    taken = {"description": "On disk", "content": {JSON: {"schema": answer or _ref("Queued")}}}
    return {
        "post": {
            "tags": ["ingest"],
            "operationId": operation_id,
            "summary": summary,
            "description": text,
            "security": security,
            "requestBody": {"required": True, "content": {JSON: {"schema": body}, **(more or {})}},
            "responses": {"202": taken, **_refusals(security)},
        }
    }


def _picture() -> Document:
    gif = {"image/gif": {"schema": {"type": "string", "format": "binary"}}}
    refusals = {
        status: refusal | {"content": refusal["content"] | gif} for status, refusal in _refusals(_BY_SITE).items()
    }
    return {
        "get": {
            "tags": ["ingest"],
            "operationId": "trackPicture",
            "summary": "Counts a view of a page without scripts",
            "description": "A transparent picture, 1 x 1. Browsers get it for a refusal too. HEAD counts nothing.",
            "security": _BY_SITE,
            "parameters": [
                _parameter("websiteId", "The site", required=True),
                _parameter("url", "The page; if left out, the one that the Referer header names"),
                _parameter("eventType", "What happened; page_view if left out"),
                _parameter("referrer", "Where the visitor came from"),
                _parameter("sessionId", "The visitor's session"),
                _parameter("userId", "Who visits"),
                _parameter("timestamp", "When it happened"),
                _parameter("id", "Makes asking again harmless"),
            ],
            "responses": {"200": {"description": "On disk", "content": gif}, **refusals},
        }
    }


def _refusals(security: list[Document]) -> Document:
    problem = {"content": {"application/problem+json": {"schema": _ref("Problem")}}}
    statuses = _REFUSALS | (_NO_SITE if security is _BY_SITE else {})
    return {status: {"description": why} | problem for status, why in sorted(statuses.items())}


def _parameter(name: str, description: str, *, required: bool = False) -> Document:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _schema(name: str, schema: Document) -> Document:
    """The decoder's own schema, with nested properties said in a sentence instead of eight levels of unions."""
    properties = {field: _field(field, value) for field, value in schema["properties"].items()}
    told = re.sub(r"``([^`]+)``", r"`\1`", schema.get("description", ""))
    return schema | {"title": name, "properties": properties} | ({"description": told} if told else {})


def _field(name: str, schema: Document) -> Document:
    if name in ("metadata", "payload", "properties"):
        return _PROPERTIES
    if name == "method":
        upper = [method for method in schema["enum"] if method.isupper()]
        return schema | {"enum": upper, "description": _METHODS}
    return schema


def _batch(event: str) -> Document:
    return {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {"events": _array(event)},
    }


def _array(event: str) -> Document:
    return {"type": "array", "maxItems": MAX_EVENTS, "items": _ref(event)}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}
