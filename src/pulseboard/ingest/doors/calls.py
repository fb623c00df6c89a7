"""``POST /api/v1/track``: API calls that an app has answered, one or a list of up to 5,000."""

from typing import Annotated, Any, Literal

import msgspec

from pulseboard.errors import FieldError
from pulseboard.ingest.parsed import Parsed, Rejected
from pulseboard.ingest.raw import Moment, Name, RawEvent
from pulseboard.ingest.shape import Shape

# RFC 9110 and RFC 5789. Methods are told apart by case, but some HTTP libraries report what they sent in lower case.
Method = Literal[
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    "get", "head", "post", "put", "delete", "connect", "options", "trace", "patch",
]  # fmt: skip
_MOST = 2**63 - 1
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=_MOST)] | Annotated[float, msgspec.Meta(ge=0, le=_MOST)]


class ApiCall(msgspec.Struct, forbid_unknown_fields=True):
    """One answered call. ``consumer`` is who called; ``id`` makes sending it again harmless."""

    endpoint: Annotated[str, msgspec.Meta(min_length=1)]
    method: Method
    status_code: Annotated[int, msgspec.Meta(ge=100, le=599)]
    response_time_ms: Milliseconds
    timestamp: Moment | None = None
    consumer: Name | int | None = None
    api_key: str | None = None
    id: Name | None = None


def _raw(call: ApiCall) -> RawEvent:
    properties: dict[str, Any] = {
        "endpoint": call.endpoint,
        "method": call.method.upper(),
        "status_code": call.status_code,
        "response_time_ms": call.response_time_ms,
    }
    if call.consumer is not None:
        properties["consumer"] = call.consumer
    return RawEvent(
        name="REQUEST",
        type="REQUEST",
        timestamp=call.timestamp,
        user_id=call.consumer,
        properties=properties,
        id=call.id,
    )


SHAPE = Shape(ApiCall, _raw)


def parse(body: bytes) -> Parsed:
    """The calls of a body, and the key that stands in it.

    Raises:
        Malformed: not JSON.
        Invalid: a list of too many.
    """
    if body.lstrip()[:1] == b"[":
        return _many(SHAPE.listed(body))
    item = SHAPE.one(body)
    return Parsed((SHAPE.made_of(0, item),), key=_key(item))


def parse_lines(body: bytes) -> Parsed:
    """The calls of lines, and the key that stands in them.

    Raises:
        Invalid: too many.
    """
    return _many(SHAPE.lines(body))


def _many(items: list[Any]) -> Parsed:
    """All of one request go to one project: what has another key than the first that has one is refused."""
    keys = [_key(item) for item in items]
    key = next(filter(None, keys), "")
    made = SHAPE.made(items)
    for index, other in enumerate(keys):
        if other not in ("", key):
            made[index] = Rejected(index, (FieldError("api_key", "is not the key of this request's other events"),))
    return Parsed(made, many=True, key=key)


def _key(item: object) -> str:
    key = item.get("api_key") if isinstance(item, dict) else getattr(item, "api_key", None)
    return key if isinstance(key, str) else ""
