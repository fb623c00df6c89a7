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


def end_run(session: Session, run_id: str, now: datetime, outcome: str, reason: str) -> None:
    ended = update(JobRun).where(JobRun.id == run_id)
    session.execute(ended.values(ended_at=now, outcome=outcome, reason=reason))


def end_open_runs(session: Session) -> None:
    """Runs that the last process left behind were cut off; nobody knows when."""
    session.execute(update(JobRun).where(JobRun.outcome == "running").values(outcome="interrupted"))


def forget_runs(session: Session, job: str, before: datetime) -> None:
    session.execute(delete(JobRun).where(JobRun.job == job, JobRun.started_at < before))
