"""Requests as clients send them, one at least for every door, and ways to spoil them."""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote_from_bytes

import brotli
import zstandard

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SITE = "shop.example.com"


@dataclass(frozen=True)
class Recording:
    """A request; ``events`` is how many it brings when it is good, in a list if it is ``many``."""

    target: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "POST"
    events: int = 1
    many: bool = False

    def raw(self) -> bytes:
        """As it goes over the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        length = [f"content-length: {len(self.body)}"] if self.method == "POST" else []
        return "\r\n".join([*lines, *length, "", ""]).encode() + self.body


def recordings(key: str, site: str) -> list[Recording]:
    """Good requests for a project's key and for a site of that domain."""
    by_key = (("content-type", "application/json"), ("x-api-key", key))
    lines_by_key = (("content-type", "application/x-ndjson"), ("x-api-key", key))
    event = {
        "name": "payment_failed", "type": "ERROR", "id": "f-1", "userId": 7, "anonymousId": "a", "sessionId": "s",
        "metadata": {"service": "shop", "route": "/checkout", "statusCode": 500, "message": "Ünïcode \U0001f600"},
        "payload": {"amount": 10.5, "items": [{"sku": "x", "tags": ["a", "b"]}]}, "properties": {"plan": "pro"},
    }  # fmt: skip
    batch = _json({"events": [{"name": f"e{number}", "properties": {"n": number}} for number in range(5)]})
    typed = _json({"events": [{"type": "login", "userId": f"u{number}"} for number in range(5)]})
    call = {"api_key": key, "endpoint": "/users/7", "method": "GET", "status_code": 200, "response_time_ms": 14.5}
    view = {"websiteId": site, "eventType": "page_view", "url": f"https://{SITE}/a?utm_source=x", "sessionId": "s"}
    web = (("user-agent", AGENT), ("origin", f"https://{SITE}"))
    return [
        Recording("/ingest/event", _json(event), by_key),
        Recording("/api/v1/ingest/batch/", batch, by_key, events=5, many=True),
        Recording("/ingest/batch", gzip.compress(batch), (*by_key, ("content-encoding", "gzip")), events=5, many=True),
        Recording("/ingest/batch", brotli.compress(batch), (*by_key, ("content-encoding", "br")), events=5, many=True),
        Recording(
            "/events/bulk", zstandard.compress(typed), (*by_key, ("content-encoding", "zstd")), events=5, many=True
        ),
        Recording("/ingest/batch", b'{"name":"a"}\n\n{"name":"b","type":"LOG"}\n', lines_by_key, events=2, many=True),
        Recording("/api/v1/track", _json(call), by_key[:1]),
        Recording("/api/v1/track", _json([call, call | {"consumer": "c"}]), by_key[:1], events=2, many=True),
        Recording("/track", _json(view), (("content-type", "application/json"), *web)),
        Recording("/track", _json(view), (("content-type", "text/plain;charset=UTF-8"), *web)),
        Recording("/api/events/", _json({"event": "user_signup", "properties": {"user_id": 1}}), by_key),
        Recording("/events", _json({"type": "login", "userId": "u1"}), by_key),
        Recording(f"/track.gif?websiteId={site}&url=https%3A%2F%2F{SITE}%2Fb", headers=web, method="GET"),
    ]


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


HOSTILE: tuple[object, ...] = (
    None, True, 0, -1, 1e308, 2**64, -(2**70), "", " ", "\0", "\ud800", "x" * 300, "😀" * 90, "../../etc/passwd",
    "'; DROP TABLE events; --", "<script>alert(1)</script>", "{{7*7}}", "%s%n", [], {}, [[[[[[[[[[]]]]]]]]]],
    {"__proto__": {"a": 1}}, {"": ""}, "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z",
    "http://[::1", "javascript:alert(1)", "https://shop.example.com.evil.net/", "https://shop.example.com@evil.net/",
)  # fmt: skip
_PIECES = (
    b"\0",
    b"\xff",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\r\n",
    b"1e999",
    b"NaN",
    b"\\ud800",
    b"\xc1",
)

Spoil = Callable[[Recording, random.Random], Recording]


def bytes_of_the_body(good: Recording, dice: random.Random) -> Recording:
    """Some bytes are changed, left out, doubled or put in; of a request without a body, those of its query."""
    if not good.body:
        path, _, query = good.target.partition("?")
        spoilt = bytes_of_the_body(replace(good, body=query.encode()), dice).body
        return replace(good, target=f"{path}?{quote_from_bytes(spoilt, safe='&=%:/?')}")
    body = bytearray(good.body)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body) + 1)
        match dice.randrange(4):
            case 0 if at < len(body):
                body[at] = dice.randrange(256)
            case 1:
                del body[at : at + dice.randint(1, 20)]
            case 2:
                body[at:at] = body[at : at + dice.randint(1, 40)] * dice.randint(1, 3)
            case _:
                body[at:at] = dice.choice(_PIECES)
    return replace(good, body=bytes(body))


def values_of_the_body(good: Recording, dice: random.Random) -> Recording:
    """A value somewhere in the JSON becomes a hostile one, or a key does."""
    try:
        value = json.loads(good.body)
    except ValueError:
        return bytes_of_the_body(good, dice)
    for _ in range(dice.randint(1, 3)):
        value = _changed(value, dice)
    return replace(good, body=json.dumps(value).encode())


def _changed(value: object, dice: random.Random) -> object:
    if dice.random() < 0.15 or not value or not isinstance(value, dict | list):
        return dice.choice(HOSTILE)
    if isinstance(value, list):
        at = dice.randrange(len(value))
        return [_changed(each, dice) if index == at else each for index, each in enumerate(value)]
    name = dice.choice(list(value))
    match dice.randrange(6):
        case 0:
            return {other: each for other, each in value.items() if other != name}
        case 1:
            return value | {str(dice.choice(HOSTILE))[:60]: dice.choice(HOSTILE)}
        case _:
            return value | {name: _changed(value[name], dice)}


def headers(good: Recording, dice: random.Random) -> Recording:
    """A header is left out, doubled, exchanged, or a lie."""
    lies = [
        ("content-type", "application/xml"), ("content-type", "application/json; charset=latin-1"),
        ("content-type", "\x00"), ("content-encoding", "gzip"), ("content-encoding", "br, gzip"),
        ("content-encoding", "zstd"), ("content-encoding", "x" * 5_000), ("x-api-key", "pk_live_nobody"),
        ("x-api-key", "é" * 10), ("authorization", "Bearer"), ("authorization", "Bearer e30.e30.e30"),
        ("authorization", "Basic YTpi"), ("origin", "null"), ("origin", "https://evil.example.net"),
        ("user-agent", ""), ("user-agent", "\\x00" * 3_000), ("x-forwarded-for", "1.2.3.4, ::1, not-one"),
        ("expect", "100-continue"), ("connection", "close"), ("connection", "upgrade"), ("upgrade", "h2c"),
        ("referer", "http://[::1"),
    ]  # fmt: skip
    kept = [each for each in good.headers if dice.random() < 0.85]
    changed = [*kept, *(dice.choice(lies) for _ in range(dice.randint(1, 2)))]
    dice.shuffle(changed)
    return replace(good, headers=tuple(changed))


def targets(good: Recording, dice: random.Random) -> Recording:
    """Another method, or something about the target."""
    method = dice.choice(("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "POST", "post"))
    ending = dice.choice(
        ("", "/", "//", "?a=1", "?websiteId=%00", "/../x", "%2f", "%ff", "#x", ";x", "?" + "a" * 9_000)
    )
    body = good.body if method == "POST" else b""
    return replace(good, method=method, target=good.target + ending, body=body)


SPOILS: tuple[Spoil, ...] = (bytes_of_the_body, values_of_the_body, headers, targets)
