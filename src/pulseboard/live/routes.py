"""``WS /live/{projectId}``: one JSON message per stored event, and the project's counters each second."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.params import SkipValidation

from pulseboard.errors import AppError, NotFound, Unauthenticated, Unavailable
from pulseboard.kit.clock import rfc3339
from pulseboard.live.hub import Hub, Watcher
from pulseboard.writer.columns import Row

PATIENCE = 5.0  # seconds to wait for the first message when the connection itself brings no credentials
TICK = 1.0  # seconds between counters
UNAUTHENTICATED, NOT_FOUND = 4401, 4404  # close codes

Socket = WebSocket[Any, Any, Any]
Check = Callable[[], Awaitable[None]]


class Admission(Protocol):
    """Decides who may watch; raises Unauthenticated or NotFound, and returns a check that does so again later."""

    async def __call__(self, socket: Socket, token: str | None, project_id: str) -> Check: ...


GivenAdmission: TypeAlias = NamedDependency[SkipValidation[Admission]]  # a protocol cannot be checked at run time


class _Auth(msgspec.Struct, tag_field="type", tag="auth"):
    token: str


_first_message = msgspec.json.Decoder(_Auth)
_encoder = msgspec.json.Encoder()


@websocket("/api/v1/live/{project_id:str}")
async def live(socket: Socket, project_id: str, hub: Hub, admission: GivenAdmission) -> None:
    """Accepts first, because only an open socket can be told by a close code why it is closed."""
    await socket.accept()
    try:
        check = await _admit(socket, project_id, admission)
    except Unauthenticated as refusal:
        await socket.close(UNAUTHENTICATED, refusal.detail)
        return
    except AppError as refusal:
        await socket.close(NOT_FOUND, NotFound.title if isinstance(refusal, NotFound) else refusal.detail)
        return
    except WebSocketDisconnect:
        return
    watcher = hub.watch(project_id)
    try:
        await _until_first(_send(socket, project_id, hub, watcher, check), _read(socket))
    finally:
        hub.leave(project_id, watcher)


async def _admit(socket: Socket, project_id: str, admission: Admission) -> Check:
    try:
        return await admission(socket, None, project_id)
    except Unauthenticated:
        return await admission(socket, await _token(socket), project_id)


async def _token(socket: Socket) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            message = await socket.receive_data(mode="text")
        return _first_message.decode(message).token
    except (TimeoutError, msgspec.DecodeError):
        raise Unauthenticated('Send {"type":"auth","token":"..."} first') from None


async def _send(socket: Socket, project_id: str, hub: Hub, watcher: Watcher, check: Check) -> None:
    loop = asyncio.get_running_loop()
    next_tick = loop.time()
    while True:
        for row in await watcher.next(max(0.0, next_tick - loop.time())):
            await socket.send_data(_encoder.encode(_message(row)).decode())
        if loop.time() < next_tick:
            continue
        await socket.send_data(_encoder.encode(hub.counters(project_id)).decode())
        next_tick += TICK
        try:
            await check()  # each second: so long may a revoked key go on
        except Unavailable:
            continue  # nobody was refused; the next second asks again
        except Unauthenticated as refusal:
            await socket.close(UNAUTHENTICATED, refusal.detail)
            return
        except AppError:
            await socket.close(NOT_FOUND, NotFound.title)
            return


async def _read(socket: Socket) -> None:
    """Nothing is expected after the first message; reading is how a closed socket shows."""
    while True:
        await socket.receive_data(mode="text")


async def _until_first(*tasks: Coroutine[Any, Any, None]) -> None:
    """Runs until one of the coroutines ends, cancels the others, and lets a disconnect pass as an end."""
    running = [asyncio.ensure_future(task) for task in tasks]
    done, rest = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        if (error := task.exception()) is not None and not isinstance(error, WebSocketDisconnect):
            raise error


def _moment(seconds: float) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


def _message(row: Row) -> dict[str, Any]:
    return {
        "type": "event",
        "event": {
            "id": row.id,
            "type": row.type,
            "name": row.name,
            "timestamp": _moment(row.timestamp),
            "receivedAt": _moment(row.received_at),
            "userId": row.user_id,
            "anonymousId": row.anonymous_id,
            "sessionId": row.session_id,
            "url": row.url,
            "path": row.path,
            "method": row.method,
            "endpoint": row.endpoint,
            "statusCode": row.status_code or None,
            "durationMs": row.duration_ms,
            "message": row.message,
            "value": row.value,
            "currency": row.currency,
            "properties": row.properties,
        },
    }
