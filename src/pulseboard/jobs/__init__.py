"""Work that nobody waits for: jobs on a schedule, with a history, and chores at intervals."""

from pulseboard.jobs.catalog import JOBS, Job
from pulseboard.jobs.history import Run, Standing, ask_to_run, run_page, standings
from pulseboard.jobs.runner import Jobs

__all__ = ["JOBS", "Job", "Jobs", "Run", "Standing", "ask_to_run", "run_page", "standings"]
