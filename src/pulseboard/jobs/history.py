"""When jobs ran, how long they took and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy.orm import Session

from pulseboard.db import Database
from pulseboard.errors import Invalid, NotFound
from pulseboard.jobs import queries
from pulseboard.jobs.catalog import JOBS, Job
from pulseboard.jobs.cron import last_due, next_due
from pulseboard.jobs.models import JobRun
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import is_uuid, new_id

KEPT = timedelta(days=14)
_LONGEST_REASON = 500  # characters

Outcome = Literal["wanted", "running", "done", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A job, its last run and its next; ``took`` is None while it runs and where nobody saw the end."""

    job: Job
    next_due: datetime
    started_at: datetime | None = None
    took: timedelta | None = None
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``took`` is None while it runs and where nobody saw the end."""

    started_at: datetime
    took: timedelta | None
    outcome: Outcome
    reason: str

    @classmethod
    def of(cls, standing: Standing) -> "Run | None":
        """The last run, if there was one."""
        if standing.started_at is None or standing.outcome is None:
            return None
        return cls(standing.started_at, standing.took, standing.outcome, standing.reason)


def standings(session: Session, now: datetime) -> list[Standing]:
    """Every job of the catalogue, for the machine's operator."""
    runs = {run.job: run for run in queries.last_runs(session)}
    return [_standing(job, runs.get(job.name), next_due(job.schedule, now)) for job in JOBS]


def _standing(job: Job, run: JobRun | None, following: datetime) -> Standing:
    if run is None:
        return Standing(job, following)
    took = run.ended_at - run.started_at if run.ended_at else None
    return Standing(job, following, run.started_at, took, cast(Outcome, run.outcome), run.reason)


def run_page(session: Session, name: str, limit: int, cursor: str | None) -> tuple[list[Run], str | None]:
    """Runs of a job, newest first, and the next page's cursor.

    Raises:
        NotFound: there is no such job.
        Invalid: the cursor is none of ours.
    """
    if cursor is not None and not is_uuid(cursor):
        raise Invalid.field("cursor", "is not a cursor of this list")
    found = queries.runs_of(session, named(name).name, limit + 1, cursor)
    following = found[limit - 1].id if len(found) > limit else None
    return [_run(row) for row in found[:limit]], following


def _run(row: JobRun) -> Run:
    took = row.ended_at - row.started_at if row.ended_at else None
    return Run(row.started_at, took, cast(Outcome, row.outcome), row.reason)


def ask_to_run(session: Session, name: str, now: datetime) -> None:
    """Has a job run soon, due or not, in whatever process runs jobs.

    Raises:
        NotFound: there is no such job.
    """
    job = named(name)
    if job.name not in queries.wanted_jobs(session):
        session.add(_new_run(job, now, "wanted"))


def take_wanted(db: Database) -> list[str]:
    """The jobs that were asked for, each told once."""
    with db.read() as session:
        if not queries.wanted_jobs(session):
            return []
    with db.write() as session:
        return queries.drop_wanted(session)


def named(name: str) -> Job:
    """
    Raises:
        NotFound: there is no such job.
    """
    found = next((job for job in JOBS if job.name == name), None)
    if found is None:
        raise NotFound("There is no such job")
    return found


def is_due(db: Database, job: Job, now: datetime) -> bool:
    """Whether the schedule's latest moment has no run that got done."""
    with db.read() as session:
        done = queries.last_done(session, job.name)
    return done is None or done < last_due(job.schedule, now)


def record(db: Database, clock: Clock, job: Job, work: Callable[[], None]) -> None:
    """Runs the job and writes down how it went; what it raises is raised again."""
    began = clock()
    run = _new_run(job, began, "running")
    with db.write() as session:
        session.add(run)
        queries.forget_runs(session, job.name, began - KEPT)
    try:
        work()
    except Exception as wrong:
        _end(db, clock, run.id, "failed", f"{type(wrong).__name__}: {wrong}"[:_LONGEST_REASON])
        raise
    _end(db, clock, run.id, "done")


def _new_run(job: Job, now: datetime, outcome: Outcome) -> JobRun:
    return JobRun(
        id=new_id(),
        job=job.name,
        due_at=last_due(job.schedule, now),
        started_at=now,
        ended_at=None,
        outcome=outcome,
        reason="",
    )


def _end(db: Database, clock: Clock, run_id: str, outcome: Outcome, reason: str = "") -> None:
    with db.write() as session:
        queries.end_run(session, run_id, clock(), outcome, reason)


def close_open(db: Database) -> None:
    """At the start of the one process that runs jobs: what it finds running was cut off."""
    with db.write() as session:
        queries.end_open_runs(session)
