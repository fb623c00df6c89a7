"""What is kept of runs."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment


class JobRun(Base):
    """One run of a job; without an end it is running, or the process ended before it did."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_job_due_at", "job", "due_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[Moment]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
