"""When jobs ran, how long they took and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy.orm import Session

from pulseboard.db import Database
from pulseboard.jobs import queries
from pulseboard.jobs.catalog import JOBS, Job
from pulseboard.jobs.cron import last_due, next_due
from pulseboard.jobs.models import JobRun
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id

KEPT = timedelta(days=14)
_LONGEST_REASON = 500  # characters

Outcome = Literal["running", "done", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A job, its last run and its next; ``took`` is None while it runs and where nobody saw the end."""

    job: Job
    next_due: datetime
    started_at: datetime | None = None
    took: timedelta | None = None
    outcome: Outcome | None = None
    reason: str = ""


def standings(session: Session, now: datetime) -> list[Standing]:
    """Every job of the catalogue, for the machine's operator."""
    runs = {run.job: run for run in queries.last_runs(session)}
    return [_standing(job, runs.get(job.name), next_due(job.schedule, now)) for job in JOBS]


def _standing(job: Job, run: JobRun | None, following: datetime) -> Standing:
    if run is None:
        return Standing(job, following)
    took = run.ended_at - run.started_at if run.ended_at else None
    return Standing(job, following, run.started_at, took, cast(Outcome, run.outcome), run.reason)


def is_due(db: Database, job: Job, now: datetime) -> bool:
    """Whether the schedule's latest moment has no run that got done."""
    with db.read() as session:
        done = queries.last_done(session, job.name)
    return done is None or done < last_due(job.schedule, now)


def record(db: Database, clock: Clock, job: Job, work: Callable[[], None]) -> None:
    """Runs the job and writes down how it went; what it raises is raised again."""
    began = clock()
    run = JobRun(
        id=new_id(),
        job=job.name,
        due_at=last_due(job.schedule, began),
        started_at=began,
        ended_at=None,
        outcome="running",
        reason="",
    )
    with db.write() as session:
        session.add(run)
        queries.forget_runs(session, job.name, began - KEPT)
    try:
        work()
    except Exception as wrong:
        _end(db, clock, run.id, "failed", f"{type(wrong).__name__}: {wrong}"[:_LONGEST_REASON])
        raise
    _end(db, clock, run.id, "done")


def _end(db: Database, clock: Clock, run_id: str, outcome: Outcome, reason: str = "") -> None:
    with db.write() as session:
        queries.end_run(session, run_id, clock(), outcome, reason)


def close_open(db: Database) -> None:
    """At the start of the one process that runs jobs: what it finds running was cut off."""
    with db.write() as session:
        queries.end_open_runs(session)
