"""The dashboard's files under /app, and the documentation page under /docs. Nothing is fetched from elsewhere."""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from pulseboard.errors import NotFound

BUILT = Path(__file__).parent / "static"  # written by the dashboard's build
DOCS = Path(__file__).parent / "docs_page"
ASSETS = "assets/"  # names in it carry a hash of their content
FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
WORTH_PACKING = 1024  # bytes
_PACKED_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")
_PAGE: dict[str, Any] = {"public": True, "any_query": True}
NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pulseboard</title></head>
<body><h1>The dashboard is not built</h1>
<p>The API works. Run <code>make dashboard</code> in the source tree, or install a wheel, which contains it.</p>
<p><a href="/docs">API documentation</a></p></body></html>
"""


@get("/", opt=_PAGE, include_in_schema=False, sync_to_thread=False)
def root() -> Redirect:
    """The web app, until there is a landing page."""
    return Redirect("/app/", status_code=302)


@get("/app/{path:path}", opt=_PAGE, include_in_schema=False, sync_to_thread=True)
def dashboard(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A built file, or the page itself for every address that the app routes in the browser."""
    return _dashboard(request, path.strip("/"))


def _dashboard(request: Request[Any, Any, Any], wanted: str) -> Response[bytes]:
    if wanted and (found := _file(BUILT, wanted)):
        return _answer(request, found, FOREVER if wanted.startswith(ASSETS) else ASK_FIRST)
    if wanted.startswith(ASSETS):
        raise NotFound("There is no such file; reload the page")
    index = _file(BUILT, "index.html")
    if index is None:
        return Response(NOT_BUILT.encode(), status_code=503, media_type="text/html")
    return _answer(request, index, ASK_FIRST)


@get("/docs/{path:path}", opt=_PAGE, include_in_schema=False, sync_to_thread=True)
def docs(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """The documentation page's files."""
    return _docs(request, path.strip("/"))


def _docs(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    found = _file(DOCS, name)
    if found is None:
        raise NotFound()
    return _answer(request, found, ASK_FIRST)


def _file(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have: too long, or with NUL
        return None


def _answer(request: Request[Any, Any, Any], path: Path, caching: str) -> Response[bytes]:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {"Cache-Control": caching, "ETag": etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    packs = media_type.startswith(_PACKED_TYPES) and stat.st_size > WORTH_PACKING
    if packs and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(_packed(path, stat.st_mtime_ns), headers=headers, media_type=media_type)
    return Response(path.read_bytes(), headers=headers, media_type=media_type)


@lru_cache(maxsize=64)
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@get("/app", opt=_PAGE, include_in_schema=False, sync_to_thread=True)
def dashboard_index(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The dashboard's page."""
    return _dashboard(request, "")


@get("/docs", opt=_PAGE, include_in_schema=False, sync_to_thread=True)
def docs_index(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The documentation page."""
    return _docs(request, "index.html")


routes = [root, dashboard_index, dashboard, docs_index, docs]
