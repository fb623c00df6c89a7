"""A real spool, a real store and the writer between them, with a clock that tests set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pulseboard.ingest.event import Event, encode
from pulseboard.kit.ids import new_id
from pulseboard.ledger import Place, SqliteLedger, Tally
from pulseboard.projects import Collected, Collection
from pulseboard.spool.base import Parcel, Record
from pulseboard.spool.sqlite import SqliteSpool
from pulseboard.store import PlatformScope, Store
from pulseboard.store.events import any_events
from pulseboard.writer.columns import Row
from pulseboard.writer.counted import Counted
from pulseboard.writer.enrich.events import Enrichment
from pulseboard.writer.enrich.geo import open_places
from pulseboard.writer.enrich.mask import Masker
from pulseboard.writer.enrich.salts import Salts
from pulseboard.writer.loop import Writer
from pulseboard.writer.steps import Steps

KEY = b"a key of thirty-two random bytes"
COLLECTED = Collected(Collection(), ("shop.example",))
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@dataclass
class Pipeline:
    """What a test needs of the writer; ``restart`` is what a killed process finds when it comes back."""

    folder: Path
    store: Store
    now: datetime = NOON
    project: str = field(default_factory=new_id)
    collected: Collected = COLLECTED
    places: Path | None = None
    told: list[Row] = field(default_factory=list)
    settled: list[tuple[Sequence[Record], Mapping[Place, Tally]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.spool = SqliteSpool(self.folder / "spool.db", max_bytes=1 << 30)
        self.counted = Counted(self.folder / "counted.db", lambda: self.now, others=lambda: any_events(self.store))
        self.salts = Salts(self.folder / "salts.db")
        enrichment = Enrichment(lambda _: self.collected, open_places(self.places), self.salts, Masker(KEY))
        self.steps = Steps(self.store, self.counted, enrichment.rows)
        self.ledger = SqliteLedger(self.folder / "ledger.db")
        self.writer = Writer(
            self.spool, self.store, self.steps, self.ledger, settle=self._settle, tell=self.told.extend
        )

    def _settle(self, records: Sequence[Record], sums: Mapping[Place, Tally]) -> None:
        self.settled.append((records, sums))

    def send(self, *events: Event, project: str = "") -> None:
        received = int(self.now.timestamp() * 1000)
        body = encode(list(events))
        self.spool.put_now(Parcel(project or self.project, received, len(events), body, "key", len(body)))

    def rows(self, columns: str = "id", project: str = "") -> list[dict[str, Any]]:
        sql = f"SELECT {columns} FROM events WHERE project_id = {{p:UUID}} ORDER BY timestamp, id"
        return self.store.read(sql, {"p": project or self.project}, PlatformScope())

    def close(self) -> None:
        self.spool.close()
        self.counted.close()
        self.salts.close()
        self.ledger.close()


def event(id: str = "", *, minutes: float = 0, **more: object) -> Event:
    """An event of a test: an own id when one is given, ``minutes`` after noon."""
    moment = int(NOON.timestamp() * 1000 + minutes * 60_000)
    values: dict[str, Any] = {"type": "CUSTOM", "name": "visit", "timestamp": moment} | more
    return Event(id=id or new_id(), own_id=bool(id), **values)
