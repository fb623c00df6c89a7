"""The one place where parts are made and joined."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextlib import closing as closed
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from limits import parse as parse_rate

from pulseboard import projects, repeats
from pulseboard.accounts import Desk, Keyring, answer_letters, load_keyring, tidy
from pulseboard.billing import Leavings, Meter, OrgPlans, Remover, Retention
from pulseboard.db import Database, migrate, open_shared
from pulseboard.errors import Unavailable
from pulseboard.ingest.drops import Drops
from pulseboard.ingest.gate import Gate
from pulseboard.ingest.routes import Ingest
from pulseboard.ingest.sites import SignedIn
from pulseboard.insights import MergedReads, Used
from pulseboard.jobs import Jobs
from pulseboard.jobs.ticker import Ticker
from pulseboard.kit.clock import Clock, system_clock
from pulseboard.kit.lock import FolderLock
from pulseboard.kit.periods import hour_of, month_end, month_of
from pulseboard.ledger import Ledger, SqliteLedger
from pulseboard.live.hub import Hub
from pulseboard.mail import Delivery, Mailer
from pulseboard.monitor import Monitor, Silent
from pulseboard.monitor.requests import Watching
from pulseboard.orgs import HOMES
from pulseboard.persons import Eraser, remember
from pulseboard.projects import Collecting, Grants
from pulseboard.saved import SavedSegments
from pulseboard.settings import Settings
from pulseboard.spool.base import Spool
from pulseboard.spool.sqlite import SqliteSpool
from pulseboard.store import KeptReads, LimitedReads, Merges, Store, Versions
from pulseboard.store.chdb import open_chdb
from pulseboard.store.events import any_events, keep_sums
from pulseboard.summaries import Figures, Keeper
from pulseboard.writer.columns import Row
from pulseboard.writer.counted import Counted, Known
from pulseboard.writer.enrich.events import Enrichment
from pulseboard.writer.enrich.geo import open_places
from pulseboard.writer.enrich.mask import Masker
from pulseboard.writer.enrich.salts import Salts
from pulseboard.writer.erased import Erased
from pulseboard.writer.loop import Writer
from pulseboard.writer.steps import Steps

DRAIN = 20.0  # seconds that a stopping writer may take to empty the spool; what is left waits on disk
TIDY_EVERY = 60  # ticks
KEEP_EVERY = 600  # seconds; a fresh part between parts that have their kept sums is never merged with them otherwise
GRANTS_EVERY = 5  # ticks between two writings of when keys were last used


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that is made once per process."""

    settings: Settings
    clock: Clock
    db: Database
    store: Store
    merged: Store  # its reads know who turned out to be whom
    numbered: Store  # its reads do not
    reads: Store  # what people ask goes through here: answers are kept while nothing new is stored
    versions: Versions
    erased: Erased
    spool: Spool
    writer: Writer
    ledger: Ledger
    figures: Figures
    plans: OrgPlans
    retention: Retention
    meter: Meter
    grants: Grants
    segments: SavedSegments
    known: Known
    gate: Gate
    salts: Salts
    conceal: Callable[[str, dict[str, Any]], dict[str, Any]]  # a project, and properties as it would store them
    keyring: Keyring
    hub: Hub
    drops: Drops
    monitor: Watching
    mailer: Mailer
    delivery: Delivery
    desk: Desk

    def watermark(self) -> datetime:
        """Every event received before this moment is in the store."""
        oldest = self.spool.backlog().oldest
        return self.clock() if oldest is None else datetime.fromtimestamp(oldest / 1000, UTC)

    def ready(self) -> dict[str, Any]:
        """What works, when all of it does.

        Raises:
            Unavailable: naming what does not.
        """
        with self.db.read() as session:
            session.connection()
        if not self.writer.alive():
            raise Unavailable("The writer has stopped")
        self.spool.check_room(int(self.clock().timestamp() * 1000))
        return {"status": "ok", "waitingEvents": self.spool.backlog().events}

    def keeper(self) -> Keeper:
        """What keeps the summaries."""
        opened = self.spool.open_lease
        kept_since = self.retention.kept_since
        return Keeper(self.figures, self.merged, self.ledger, self.db, self.clock, self.watermark, opened, kept_since)

    def eraser(self) -> Eraser:
        """What erases persons."""
        return Eraser(
            db=self.db,
            store=self.store,
            writer=self.writer,
            erased=self.erased,
            letters=self.spool.dead,
            ledger=self.ledger,
            versions=self.versions,
            leave_view=self.hub.forget,
            clock=self.clock,
        )

    def remover(self) -> Remover:
        """What takes off the disk what is not kept any more."""
        return Remover(self.retention, self.store, self.writer, self.erased, self.versions)

    def leavings(self) -> Leavings:
        """What removes for good what was deleted long enough ago."""
        letters = self.spool.dead
        return Leavings(self.db, self.store, self.writer, letters, self.ledger, self.versions, self.clock)

    def usage(self, org_id: str, now: datetime) -> Used:
        """How much of this month's events an organisation has used, as ``/billing/usage`` tells it."""
        with self.db.read() as session:
            plan, _, sharing, _ = self.plans.standing(session, org_id)
        used = self.meter.used(sharing, month_of(int(now.timestamp() * 1000)))
        return Used(used, plan.monthly_events, month_end(now))

    def ingest(self) -> Ingest:
        people = SignedIn(self.db, self.clock, self.keyring)
        return Ingest(self.gate, self.spool, self.drops, self.clock, self.known, people)


@contextmanager
def open_parts(settings: Settings, clock: Clock = system_clock) -> Iterator[Parts]:
    """Opens the data folder and makes all parts; on leaving, they are closed in the reverse order.

    Raises:
        FolderInUse: another process owns the data folder.
        SettingsError: the database of places that was named is none.
    """
    folder = settings.server.data_dir
    with ExitStack() as closing:
        closing.callback(FolderLock(folder).release)
        keyring, db = _open_database(settings, closing)
        store = closing.enter_context(closed(open_chdb(folder / "events", clock)))
        spool = closing.enter_context(closed(_open_spool(settings, clock)))
        counted = closing.enter_context(closed(_open_counted(folder, store, clock)))
        known = closing.enter_context(closed(Known(folder / "counted.db")))
        ledger = closing.enter_context(closed(SqliteLedger(folder / "ledger.db")))
        figures = closing.enter_context(closed(Figures(folder / "summaries.db")))
        meter = _meter(ledger, spool)
        plans = OrgPlans(meter, billing=settings.billing != "off")
        salts = closing.enter_context(closed(Salts(folder / "salts.db")))
        collecting, places = Collecting(db), open_places(settings.geo_database)
        enrichment = Enrichment(collecting.of, places, salts, Masker(keyring.visitor_key))
        merged = MergedReads(store, Merges(store))
        erased = remember(db, Erased(keyring.visitor_key))
        steps = Steps(store, counted, enrichment.rows, merged.merges, erased)
        grants, retention = Grants(db, clock, plans), Retention(db, plans, clock)
        closing.callback(db.listen(grants.hear))
        hub, versions = Hub(clock), Versions()
        mailer = Mailer(settings.server.base_url, bool(settings.mail.smtp_host), clock)
        yield Parts(
            settings=settings,
            clock=clock,
            db=db,
            store=store,
            merged=merged,
            numbered=LimitedReads(store, retention.hidden_before),
            reads=LimitedReads(KeptReads(merged, versions), retention.hidden_before),
            retention=retention,
            versions=versions,
            erased=erased,
            spool=spool,
            writer=Writer(spool, store, steps, ledger, settle=meter.settle, tell=_tell(hub, versions)),
            ledger=ledger,
            figures=figures,
            plans=plans,
            meter=meter,
            grants=grants,
            segments=SavedSegments(db),
            gate=Gate(grants, parse_rate(settings.limits.ingest), parse_rate(settings.limits.address)),
            known=known,
            salts=salts,
            conceal=enrichment.concealed,
            keyring=keyring,
            hub=hub,
            drops=Drops(ledger.refuse),
            monitor=_monitor(settings, db, spool, clock),
            mailer=mailer,
            delivery=Delivery(db, clock, settings.mail),
            desk=Desk(db, clock, keyring, mailer, HOMES, settings),
        )


@contextmanager
def running(parts: Parts) -> Iterator[None]:
    """Runs the writer, the jobs and the chores; on leaving, what was accepted is written before they end."""
    work = {
        "retention": parts.remover().remove,
        "erasures": parts.eraser().finish,
        "summaries": parts.keeper().keep,
        "deleted-organisations": parts.leavings().remove,
        "answers-for-repeats": lambda: repeats.tidy(parts.db, parts.clock),
    }
    jobs = Jobs(parts.settings.server.data_dir / "jobs.db", parts.db, parts.clock, work)
    ticker = Ticker(
        {
            "refused events": parts.drops.flush,
            "own requests": parts.monitor.flush,
            "keys last used": _every(GRANTS_EVERY, parts.grants.flush),
            "jobs that were asked for": jobs.answer_wishes,
            "live counters": _every(TIDY_EVERY, parts.hub.tidy),
            "visitors' salts": _every(TIDY_EVERY, lambda: parts.salts.forget(parts.watermark())),
        },
        seconds=1,
        last=True,
    )
    keeper = Ticker(
        {
            "kept sums": lambda: keep_sums(parts.store),
            "old counts": lambda: parts.ledger.prune(hour_of(int(parts.clock().timestamp() * 1000))),
        },
        KEEP_EVERY,
        last=False,
    )
    # A mail server may keep its caller waiting for minutes: nothing else shares this thread.
    postman = Ticker(
        {
            "letters that were asked for": lambda: answer_letters(parts.desk),
            "letters": parts.delivery.send_due,
            "old letters": _every(KEEP_EVERY, parts.delivery.tidy),
            "accounts": _every(KEEP_EVERY, lambda: tidy(parts.desk)),
        },
        seconds=1,
        last=False,
    )
    parts.writer.start()
    ticker.start()
    keeper.start()
    jobs.start()
    postman.start()
    try:
        yield
    finally:
        postman.stop()
        jobs.stop()
        keeper.stop()
        ticker.stop()
        parts.writer.stop(DRAIN)
        parts.grants.flush()


def _meter(ledger: Ledger, spool: Spool) -> Meter:
    """The counts as the last run left them: a batch that was entered and not acknowledged still waits.

    Of every month that is known: the clock may be set back, and a month without counts would have its whole quota.
    """
    return Meter(ledger.months(without_lease=spool.open_lease()), spool.waiting())


def _tell(hub: Hub, versions: Versions) -> Callable[[list[Row]], None]:
    """What is done with rows that were stored just now."""

    def tell(rows: list[Row]) -> None:
        versions.changed({row.project_id for row in rows})
        hub.publish(rows)

    return tell


def _open_counted(folder: Path, store: Store, clock: Clock) -> Counted:
    return Counted(folder / "counted.db", clock, others=lambda: any_events(store))


def _open_spool(settings: Settings, clock: Clock) -> SqliteSpool:
    path, limits = settings.server.data_dir / "spool.db", settings.limits
    return SqliteSpool(path, max_bytes=limits.spool_bytes, max_age=limits.spool_age * 1000, clock=clock)


def _open_database(settings: Settings, closing: ExitStack) -> tuple[Keyring, Database]:
    keyring = load_keyring(settings.server.data_dir)
    migrate(settings.control_database)
    db = Database(settings.control_database, open_shared(settings.redis_url, keyring.shared_key()))
    closing.callback(db.close)
    return keyring, db


def _monitor(settings: Settings, db: Database, spool: Spool, clock: Clock) -> Watching:
    if not settings.self_monitor:
        return Silent()
    with db.write() as session:
        project_id = projects.ensure_system_project(session, clock())
    return Monitor(spool, project_id, clock)


def _every(ticks: int, chore: Callable[[], None]) -> Callable[[], None]:
    count = 0

    def sometimes() -> None:
        nonlocal count
        count += 1
        if count % ticks == 0:
            chore()

    return sometimes
