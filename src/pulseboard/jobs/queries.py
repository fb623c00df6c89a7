"""The statements about runs of jobs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pulseboard.jobs.models import JobRun


def last_done(session: Session, job: str) -> datetime | None:
    """The latest moment at which the job was due and that a run got done."""
    return session.scalar(select(func.max(JobRun.due_at)).where(JobRun.job == job, JobRun.outcome == "done"))


def last_runs(session: Session) -> Sequence[JobRun]:
    """The newest run of each job."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return session.scalars(select(JobRun).where(JobRun.id.in_(newest))).all()


def runs_of(session: Session, job: str, limit: int, before: str | None) -> Sequence[JobRun]:
    """The newest runs of a job; ``before`` is the id after which a list goes on."""
    wanted = select(JobRun).where(JobRun.job == job)
    if before is not None:
        wanted = wanted.where(JobRun.id < before)
    return session.scalars(wanted.order_by(JobRun.id.desc()).limit(limit)).all()


def wanted_jobs(session: Session) -> set[str]:
    return set(session.scalars(select(JobRun.job).where(JobRun.outcome == "wanted")))


def drop_wanted(session: Session) -> list[str]:
    return list(session.scalars(delete(JobRun).where(JobRun.outcome == "wanted").returning(JobRun.job)))


def end_run(session: Session, run_id: str, now: datetime, outcome: str, reason: str) -> None:
    ended = update(JobRun).where(JobRun.id == run_id)
    session.execute(ended.values(ended_at=now, outcome=outcome, reason=reason))


def end_open_runs(session: Session) -> None:
    """Runs that the last process left behind were cut off; nobody knows when."""
    session.execute(update(JobRun).where(JobRun.outcome == "running").values(outcome="interrupted"))


def forget_runs(session: Session, job: str, before: datetime) -> None:
    session.execute(delete(JobRun).where(JobRun.job == job, JobRun.started_at < before))
