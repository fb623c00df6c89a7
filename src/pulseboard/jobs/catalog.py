"""All jobs and when they run, as data. What they do is handed in by ``app.py`` under their names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """``schedule`` is a cron expression of five fields, in UTC."""

    name: str
    schedule: str
    about: str


JOBS: tuple[Job, ...] = (
    Job("retention", "5 0 * * *", "Removes events that are older than their project's plan keeps"),
    Job("erasures", "*/5 * * * *", "Finishes erasing persons where it was cut off"),
    # Often, because each time zone has an hour of its own; what is due is the project's question.
    Job(
        "summaries", "*/15 * * * *", "Sums up days, weeks and months that are over, and mends what late events reached"
    ),
    Job(
        "deleted-organisations",
        "30 3 * * *",
        "Removes organisations and projects with all their events, 30 days after they were deleted",
    ),
    Job("answers-for-repeats", "10 * * * *", "Forgets the answers to requests with an Idempotency-Key after a day"),
)
