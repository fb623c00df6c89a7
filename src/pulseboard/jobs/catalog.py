"""All jobs and when they run, as data. What they do is handed in by ``app.py`` under their names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """``schedule`` is a cron expression of five fields, in UTC."""

    name: str
    schedule: str
    about: str


JOBS: tuple[Job, ...] = (
    Job(
        "summaries", "*/15 * * * *", "Fills the days, weeks and months that are over, and mends what late events reach"
    ),
    Job("summaries-today", "0 * * * *", "Refreshes the figures of the days, weeks and months that run"),
)
