"""Events that tests put into a store, and a reader that asks for them over HTTP."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from httpx import Response
from litestar import Litestar
from litestar.di import Provide
from litestar.params import QueryParameter
from litestar.testing import TestClient

from pulseboard.ingest.event import Event
from pulseboard.insights import MergedReads, Used, routes
from pulseboard.kit.ids import new_id
from pulseboard.ledger import Tally
from pulseboard.projects import ProjectView
from pulseboard.settings import Settings
from pulseboard.store import Merge, Merges, PlatformScope, Store
from pulseboard.store.events import keep_sums
from pulseboard.web import problem_response
from pulseboard.web.request import ApiRequest
from pulseboard.writer.columns import row_of

_PARTS = "SELECT count() AS parts FROM system.parts WHERE active AND table = 'events' GROUP BY partition"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Happened:
    """One event as a test thinks of it: ``at`` in milliseconds since 1970, persons and sessions as small numbers."""

    at: int
    name: str = "visit"
    type: str = "CUSTOM"
    person: int = 0
    session: int = 0
    properties: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=new_id)
    bot: bool = False
    columns: dict[str, str] = field(default_factory=dict)  # what the writer would find out


def millis(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def put(store: Store, project: str, events: Iterable[Happened]) -> None:
    """Stores the events as the writer would. Where the store knows of merges, half of the worlds have some: a part of
    everybody's events has an earlier number, from before it was known who they are. In half of them the engine has its
    sums of the events from the start, as it has of those that merges have been over.
    """
    rows, events = [], list(events)
    merging = isinstance(store, MergedReads) and len(events) % 2 == 1
    if isinstance(store, MergedReads) and merging:
        persons = sorted({each.person for each in events} - {0})
        store.merges.add([Merge(project, _past(person), person) for person in persons])
    for each in events:
        event = Event(each.id, True, each.type, each.name, each.at, properties=each.properties)
        row = row_of(project, millis(NOON), event)
        past = merging and each.person and (each.at + each.session) % 3 == 0
        row.person, row.session = _past(each.person) if past else each.person, each.session
        row.bot = int(each.bot)
        for name, value in each.columns.items():
            setattr(row, name, value)
        row.user_id = f"user-{each.person}" if each.person else ""
        rows.append(msgspec.json.encode(row))
    if rows:
        store.command(f"ALTER TABLE events MODIFY SETTING materialize_projections_on_insert = {len(events) // 2 % 2}")
        store.insert("events", b"\n".join(rows))


def merge(store: Store) -> None:
    """What a server does in time: the engine has its sums of every part, and a month is one.

    A month of which it merges some by itself is left out in silence.
    """
    keep_sums(store)
    while any(row["parts"] > 1 for row in store.read(_PARTS, {}, PlatformScope())):
        store.command("OPTIMIZE TABLE events FINAL")


def _past(person: int) -> int:
    """A number that no test gives a person."""
    return 2_000_000_000 + person % 1_000_000


class Reader:
    """Asks the routes of this room, as somebody who may see every project. ``now`` and ``timezone`` can be set."""

    def __init__(self, store: Store) -> None:
        self.store = MergedReads(store, Merges(store))
        self.now = NOON
        self.timezone = "UTC"
        self.lag = timedelta(seconds=1.5)
        self.used = Used(0, None, NOON)
        self.kept_since: date | None = None
        self.came: dict[tuple[str, int], Tally] = {}
        self.segments: dict[tuple[str, str], object] = {}
        values: dict[str, Any] = {
            "store": self.store,
            "clock": lambda: self.now,
            "watermark": lambda: self.now - self.lag,
            "received": self._received,
            "kept_since": lambda project: self.kept_since,
            "segments": lambda project, segment: self.segments.get((project, segment)),
            "reach": self._project,
            "settings": Settings(),
            "usage": lambda org_id, now: self.used,
        }
        app = Litestar(
            routes,
            dependencies={name: Provide(_giving(value), sync_to_thread=False) for name, value in values.items()}
            | {"project": Provide(self._project, sync_to_thread=False)},
            exception_handlers={Exception: problem_response},
            request_class=ApiRequest,
        )
        self.document = app.openapi_schema.to_schema()
        self._client = TestClient(app)

    def get(self, path: str, project: str, /, **params: object) -> dict[str, Any]:
        """The answer's body, which must be a 200. A parameter called ``from_`` is sent as ``from``."""
        answer = self.ask(path, project, **params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(self, path: str, project: str, /, **body: object) -> dict[str, Any]:
        """The answer's body to a JSON body, which must be a 200. A member called ``from_`` is sent as ``from``."""
        answer = self.send(path, project, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def send(self, path: str, project: str, /, **body: object) -> Response:
        sent = {key.rstrip("_"): value for key, value in body.items()}
        content = msgspec.json.encode({"projectId": project, **sent})
        return self._client.post("/api/v1" + path, content=content, headers={"content-type": "application/json"})

    def refused(self, path: str, project: str, /, **params: object) -> list[str]:
        """The paths that a 422 names."""
        answer = self.ask(path, project, **params)
        assert answer.status_code == 422, answer.text
        return [error["path"] for error in answer.json()["errors"]]

    def ask(self, path: str, project: str, /, **params: object) -> Response:
        sent = {key.rstrip("_"): _sent(value) for key, value in params.items()}
        return self._client.get("/api/v1" + path, params={"projectId": project, **sent})

    def _received(self, project: str, first: int, end: int) -> Tally:
        found = [tally for (owner, hour), tally in self.came.items() if owner == project and first <= hour < end]
        return Tally(*(sum(column) for column in zip(Tally(0, 0, 0, 0), *found, strict=True)))

    def _project(self, project_id: Annotated[str, QueryParameter(name="projectId")]) -> ProjectView:
        return ProjectView(project_id, new_id(), "shop", self.timezone, "prod", (), system=False)


def _giving(value: object) -> Callable[[], object]:
    def give() -> object:
        return value

    return give


def _sent(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str | int) else msgspec.json.encode(value).decode()
