"""The same event as each door wants it; its tag travels as the endpoint, which every door keeps as it was sent."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DOMAIN = "shop.example.com"
LATEST = timedelta(days=9)  # how long ago an event may have happened: across days, and now and then a month's end


@dataclass(slots=True)
class Sent:
    """One event: ``tag`` is unique. ``given_id`` is the id that the server answered."""

    tag: int
    user: str
    own_id: str | None
    acknowledged: bool = False
    given_id: str | None = None


@dataclass(frozen=True)
class Site:
    """Where events go: a project with a domain, and its key."""

    project_id: str
    key: str


Body = Callable[[Site, Sent, str], dict[str, Any]]


def _plain(site: Site, event: Sent, at: str) -> dict[str, Any]:
    return {"name": "step", "userId": event.user, "timestamp": at, "properties": {"endpoint": f"/tag/{event.tag}"}}


def _typed(site: Site, event: Sent, at: str) -> dict[str, Any]:
    return {"type": "step", "userId": event.user, "timestamp": at, "properties": {"endpoint": f"/tag/{event.tag}"}}


def _custom(site: Site, event: Sent, at: str) -> dict[str, Any]:
    properties = {"endpoint": f"/tag/{event.tag}", "user_id": event.user}
    return {"event": "step", "timestamp": at, "properties": properties}


def _call(site: Site, event: Sent, at: str) -> dict[str, Any]:
    call = {"endpoint": f"/tag/{event.tag}", "method": "GET", "status_code": 200, "response_time_ms": 5}
    return {**call, "timestamp": at, "consumer": event.user, "api_key": site.key}


def _visit(site: Site, event: Sent, at: str) -> dict[str, Any]:
    visit = {"websiteId": site.project_id, "eventType": "step", "url": f"https://{DOMAIN}/", "userId": event.user}
    return {**visit, "timestamp": at, "properties": {"endpoint": f"/tag/{event.tag}"}}


@dataclass(frozen=True)
class Door:
    """``many`` makes one body of several; None where a door takes single events only."""

    path: str
    body: Body
    many: Callable[[list[dict[str, Any]]], object] | None = None
    keyed: bool = True

    def request(self, site: Site, events: Sequence[Sent], moments: Sequence[datetime]) -> bytes:
        bodies = []
        for event, moment in zip(events, moments, strict=True):
            body = self.body(site, event, moment.astimezone(UTC).isoformat())
            bodies.append(body if event.own_id is None else {**body, "id": event.own_id})
        return json.dumps(bodies[0] if self.many is None else self.many(bodies)).encode()


def _wrapped(bodies: list[dict[str, Any]]) -> object:
    return {"events": bodies}


DOORS = (
    Door("/ingest/event", _plain),
    Door("/ingest/batch", _plain, _wrapped),
    Door("/api/v1/track", _call, keyed=False),
    Door("/api/v1/track", _call, list, keyed=False),
    Door("/track", _visit, keyed=False),
    Door("/api/events/", _custom),
    Door("/events", _typed),
    Door("/events/bulk", _typed, _wrapped),
)
SINGLE = tuple(door for door in DOORS if door.many is None)
MANY = tuple(door for door in DOORS if door.many is not None)
