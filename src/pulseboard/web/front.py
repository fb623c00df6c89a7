"""What stands before the router: other places of the same routes, HEAD, and the headers of every answer."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pulseboard.web.aliases import canonical

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

# Styles may stand in the page: the chart library writes them into tooltips. Scripts may not.
APP_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
API_CSP = "default-src 'none'; frame-ancestors 'none'"
# Letters' styles stand in their tags, as mail programs want it; nothing else is there, and nothing may run or load.
LETTERS_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
_PRIVATE = (b"cache-control", b"no-store")
_HSTS = (b"strict-transport-security", b"max-age=31536000")


def front(app: AsgiApp, *, https: bool) -> AsgiApp:
    """``app`` with every other place of its routes, HEAD wherever GET is, and safe headers. ``https`` adds HSTS."""
    always = [*_ALWAYS, _HSTS] if https else _ALWAYS

    async def fronted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        path = canonical(scope["path"], scope.get("method", "GET"))
        inner = {**scope, "path": path}
        if scope["type"] == "websocket":
            await app(inner, receive, send)
            return
        head = scope["method"] == "HEAD"
        if head:
            inner["method"] = "GET"
        await app(inner, receive, _sender(send, [*always, *_policy(path)], head=head))

    return fronted


def _policy(path: str) -> list[tuple[bytes, bytes]]:
    if path in ("/app", "/docs") or path.startswith(("/app/", "/docs/")):
        return [(b"content-security-policy", APP_CSP.encode())]
    if path == "/api/v1/admin/mail-preview":
        return [(b"content-security-policy", LETTERS_CSP.encode())]
    return [(b"content-security-policy", API_CSP.encode())]


def _sender(send: Send, extra: list[tuple[bytes, bytes]], *, head: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            private = [] if any(name == b"cache-control" for name, _ in headers) else [_PRIVATE]
            message = {**message, "headers": [*headers, *extra, *private]}
        elif head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
