"""Events on their way through a real spool, writer, ledger and store, and the job that sums them up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.summaries.oracle import METRICS, TYPES, Seen, periods
from tests.writer.pipeline import Pipeline

from pulseboard.db import Database
from pulseboard.errors import Unavailable
from pulseboard.ingest.event import Event
from pulseboard.kit.ids import new_id
from pulseboard.projects import ProjectView
from pulseboard.store import Store
from pulseboard.summaries import Difference, Figures, Keeper, verify
from pulseboard.summaries.figures import of_project
from pulseboard.summaries.read import Reader

Values = dict[tuple[str, str], dict[date, int]]  # metric and type -> the value of each period
WRITES = ("begin", "move", "put", "refreshed", "forget")


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@dataclass
class World:
    """One project in its zone; ``now`` is everybody's clock."""

    folder: Path
    store: Store
    zone: str = "UTC"
    now: datetime = datetime(2026, 3, 10, 12, tzinfo=UTC)
    sent: list[Seen] = field(default_factory=list)
    stored: list[Seen] = field(default_factory=list)
    since: date | None = None  # the first day whose events the plan keeps

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(self.folder, self.store)
        self.kept = Figures(self.folder / "summaries.db")
        self.begin(self.zone, self.now)

    def begin(self, zone: str, now: datetime) -> None:
        """Another project, with nothing in it."""
        self.project = ProjectView(new_id(), new_id(), "shop", zone, "prod", (), system=False)
        self.zone, self.now, self.sent, self.stored = zone, now, [], []
        self.pipeline.now, self.first = now, now

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        self.pipeline.now = self.now

    def send(self, ago: timedelta, *, page: bool = False, user: str = "", session: str = "") -> None:
        """Accepts one event that happened ``ago``."""
        at = round((self.now - ago).timestamp() * 1000)
        kind = "PAGE_VIEW" if page else "CUSTOM"
        event = Event(new_id(), False, kind, "visit", at, user_id=user, session_id=session)
        with suppress(Unavailable):  # what waits is too old to let more in
            self.pipeline.send(event, project=self.project.id)
            self.sent.append(Seen(at, page, user, session))
            self.first = min(self.first, self.now - ago)

    def write(self) -> None:
        """Stores what waits."""
        self.pipeline.writer.drain()
        self.stored += self.sent
        self.sent = []

    def fail_to_write(self) -> None:
        """The batch is entered in the ledger, and then the disk refuses it."""

        def refuse(_table: str, _rows: bytes) -> int:
            raise Unavailable("no room")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.store, "insert", refuse)
            if self.sent:
                with pytest.raises(Unavailable):
                    self.pipeline.writer.drain()

    def watermark(self) -> datetime:
        oldest = self.pipeline.spool.backlog().oldest
        return self.now if oldest is None else datetime.fromtimestamp(oldest / 1000, UTC)

    def keeper(self, kept: Figures | None = None) -> Keeper:
        spool, ledger = self.pipeline.spool, self.pipeline.ledger
        return Keeper(
            kept or self.kept,
            self.store,
            ledger,
            _NoDatabase(),
            lambda: self.now,
            self.watermark,
            spool.open_lease,
            lambda _: self.since,
        )

    def keep(self) -> None:
        """The job, for this project alone."""
        self.keeper().keep_these([self.project])

    def keep_and_die(self, writes: int) -> None:
        """The same, killed before it writes for the ``writes``-th time, or at the end."""
        left = writes

        def counted(write: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **more: Any) -> Any:  # noqa: ANN401
                nonlocal left
                left -= 1
                if left < 0:
                    raise Killed
                return write(*args, **more)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for owner, names in ((Figures, WRITES), (type(self.pipeline.ledger), ("strike",))):
                for name in names:
                    patch.setattr(owner, name, counted(getattr(owner, name)))
            with suppress(Killed):
                self.keep()

    def wanted(self, type: str) -> list[date]:
        return periods(type, ZoneInfo(self.zone), self.first, self.now)

    def read(self) -> Values:
        """What a reader is given of every period from the first event on."""
        reader = Reader(self.kept, self.store, self.pipeline.ledger, self.now, self.watermark(), self.since)
        return {
            (metric, type): reader.values(of_project(self.project, type), metric, self.wanted(type)).values  # type: ignore[arg-type]
            for metric in METRICS
            for type in TYPES
        }

    def differences(self, *, fix: bool = False) -> list[Difference]:
        since, until = self.first.date() - timedelta(days=40), self.now.date() + timedelta(days=2)
        return verify(self.kept, self.store, self.pipeline.ledger, self.project, since, until, fix=fix)

    def close(self) -> None:
        self.pipeline.close()
        self.kept.close()


class _NoDatabase(Database):
    """One project is kept without looking for others."""

    def __init__(self) -> None:
        pass
