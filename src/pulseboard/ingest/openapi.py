"""The doors' part of the OpenAPI document, made from the very types that the doors decode."""

from typing import Any

import msgspec

from pulseboard.ingest.raw import MAX_DEPTH, MAX_NAME, RawEvent
from pulseboard.ingest.shape import MAX_EVENTS

Document = dict[str, Any]

_PROPERTIES: Document = {
    "type": ["object", "null"],
    "additionalProperties": True,
    "description": f"Any JSON object, at most 64 KiB and {MAX_DEPTH} levels deep",
}


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


class Fault(msgspec.Struct):
    path: str
    message: str


def describe() -> tuple[Document, Document]:
    """Paths and component schemas, as plain dictionaries."""
    _, schemas = msgspec.json.schema_components(
        [RawEvent, Queued, QueuedBatch], ref_template="#/components/schemas/{name}"
    )
    event = dict(schemas)
    event["IngestEvent"] = _event_schema(event.pop("RawEvent"))
    event["IngestBatch"] = {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {
            "events": {"type": "array", "maxItems": MAX_EVENTS, "items": {"$ref": "#/components/schemas/IngestEvent"}}
        },
    }
    paths = {
        "/api/v1/ingest/event": _operation("IngestEvent", "Queued", "ingestEvent", "Takes one event"),
        "/api/v1/ingest/batch": _operation("IngestBatch", "QueuedBatch", "ingestBatch", "Takes up to 5,000 events"),
    }
    return paths, event


def _event_schema(schema: Document) -> Document:
    """The decoder's own schema, with the nested properties said in a sentence instead of eight levels of unions."""
    properties = {name: _PROPERTIES if _is_object(name) else value for name, value in schema["properties"].items()}
    return schema | {"title": "IngestEvent", "properties": properties, "additionalProperties": False}


def _is_object(name: str) -> bool:
    return name in ("metadata", "payload", "properties")


def _operation(body: str, answer: str, operation_id: str, summary: str) -> Document:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    refusals = {
        "400": "Not JSON",
        "401": "No or unknown key",
        "413": "Too large",
        "415": "Not JSON in UTF-8, plain or gzip",
        "422": f"A field is wrong; names and ids have 1 to {MAX_NAME} characters",
        "429": "Too many requests; see Retry-After",
        "503": "Events cannot be made durable now; see Retry-After",
    }
    return {
        "post": {
            "tags": ["ingest"],
            "operationId": operation_id,
            "summary": summary,
            "description": "Answers 202 once the events are on disk.",
            "security": [{"apiKey": []}],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}},
            },
            "responses": {
                "202": {
                    "description": "On disk",
                    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}},
                },
                **{status: {"description": why} | problem for status, why in refusals.items()},
            },
        }
    }
