"""How the installation does, and its jobs, over HTTP."""

from datetime import datetime
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, SkipValidation
from msgspec import Meta

from pulseboard import __version__
from pulseboard.admin import queries
from pulseboard.admin.guard import superadmin
from pulseboard.admin.schemas import QueuedOut
from pulseboard.admin.stats import SpoolOut, StatsOut, disk_of
from pulseboard.audit import Caller, Target, record
from pulseboard.db import Database
from pulseboard.jobs import Run, Standing, ask_to_run, run_page, standings
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.kit.wire import Out, Timestamp
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.settings import Settings
from pulseboard.spool.base import Backlog, Spool
from pulseboard.store import Store, events_total

JOBS = "/api/v1/admin/jobs"
GivenSpool = Given[SkipValidation[Spool]]
GivenStore = Given[SkipValidation[Store]]


class JobRunOut(Out):
    """``outcome`` is running, done, failed, interrupted, or wanted: asked for and not begun yet."""

    started_at: Timestamp
    outcome: str
    reason: str
    seconds: Annotated[float | None, Meta(description="Null while it runs, and where nobody saw the end.")]


class JobOut(Out):
    name: str
    about: str
    schedule: Annotated[str, Meta(description="A cron expression, in UTC.")]
    next_due_at: Timestamp
    last_run: JobRunOut | None


class JobList(Out):
    items: list[JobOut]
    total: int
    next_cursor: str | None = None


class JobRunList(Out):
    items: list[JobRunOut]
    total: int | None
    next_cursor: str | None


@get("/api/v1/admin/stats", tags=["admin"], sync_to_thread=True)
def get_stats(
    actor: Given[Actor],
    db: Given[Database],
    store: GivenStore,
    spool: GivenSpool,
    settings: Given[Settings],
    clock: Given[Clock],
    up_since: Given[datetime],
) -> StatsOut:
    """What the installation holds and how it does; for superadmins."""
    superadmin(actor)
    now = clock()
    with db.read() as session:
        counts = queries.counts(session, now)
        letters = queries.letters_by_status(session)
        failed = [each.job.name for each in standings(session, now) if each.outcome == "failed"]
    return StatsOut(
        version=__version__,
        up_since=rfc3339(up_since),
        **counts._asdict(),
        events=events_total(store),
        spool=_spool_out(spool.backlog(), now),
        dead_letters=spool.dead.count(),
        letters=letters,
        disk=disk_of(settings.server.data_dir),
        jobs_failed=failed,
    )


@get(JOBS, tags=["admin"], sync_to_thread=True)
def list_jobs(actor: Given[Actor], db: Given[Database], clock: Given[Clock]) -> JobList:
    """Every job, its last run and its next; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        items = [_job_out(each) for each in standings(session, clock())]
    return JobList(items, len(items))


@get(JOBS + "/{job_name:str}/runs", opt={"problems": (404,)}, tags=["admin"], sync_to_thread=True)
def list_job_runs(
    job_name: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> JobRunList:
    """When a job ran and how it went, of 14 days, newest first; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        runs, following = run_page(session, job_name, limit, cursor)
    return JobRunList([_run_out(run) for run in runs], None, following)


@post(JOBS + "/{job_name:str}/run", status_code=202, opt={"problems": (404,)}, tags=["admin"], sync_to_thread=True)
def run_job(
    job_name: FromPath[str], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> QueuedOut:
    """Runs a job within seconds, due or not; for superadmins. One that runs already is not run twice."""
    superadmin(actor)
    with db.write() as session:
        ask_to_run(session, job_name, clock())
        record(session, caller, clock(), "job.asked-for", Target("job", job_name, job_name))
    return QueuedOut("queued")


def _spool_out(backlog: Backlog, now: datetime) -> SpoolOut:
    lag = 0.0 if backlog.oldest is None else max(0.0, now.timestamp() - backlog.oldest / 1000)
    return SpoolOut(backlog.events, backlog.bytes, round(lag, 3))


def _job_out(standing: Standing) -> JobOut:
    run = Run.of(standing)
    return JobOut(
        name=standing.job.name,
        about=standing.job.about,
        schedule=standing.job.schedule,
        next_due_at=rfc3339(standing.next_due),
        last_run=_run_out(run) if run else None,
    )


def _run_out(run: Run) -> JobRunOut:
    seconds = run.took.total_seconds() if run.took is not None else None
    return JobRunOut(rfc3339(run.started_at), run.outcome, run.reason, seconds)


routes = [get_stats, list_jobs, list_job_runs, run_job]
