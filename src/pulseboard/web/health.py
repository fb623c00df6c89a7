"""Whether the process lives and whether it is ready for work."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency as Given
from msgspec import Struct

Ready = Callable[[], dict[str, Any]]


class LiveOut(Struct):
    status: str


@get("/health/live", opt={"public": True}, tags=["health"], sync_to_thread=False)
def health_live() -> LiveOut:
    """Answers as long as the process does."""
    return LiveOut(status="ok")


@get("/health/ready", opt={"public": True, "problems": (503,)}, tags=["health"], sync_to_thread=True)
def health_ready(ready: Given[Ready]) -> Response[dict[str, Any]]:
    """200 when every part works; 503 with what does not."""
    return Response(ready())


routes = [health_live, health_ready]
