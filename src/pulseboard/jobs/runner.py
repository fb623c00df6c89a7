"""Jobs in this process: Huey keeps the queue and the clock, this module what is due, what ran, and that it ran once."""

from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from huey import SqliteHuey  # type: ignore[import-untyped]
from huey.consumer import Consumer  # type: ignore[import-untyped]
from huey.exceptions import TaskLockedException  # type: ignore[import-untyped]

from pulseboard.db import Database
from pulseboard.jobs import history
from pulseboard.jobs.catalog import JOBS, Job
from pulseboard.jobs.cron import matches
from pulseboard.kit.clock import Clock

log = structlog.get_logger(__name__)

WORKERS = 2  # a long job must not hold up the others
POLL = 2.0  # seconds that a job may wait before a worker looks for it
PATIENCE = 20.0  # seconds that a stop waits for running jobs; they are begun anew at the next start

Work = Callable[[], None]


class _Threads(Consumer):  # type: ignore[misc]
    """Huey's consumer without its signals: this process has its own way to stop."""

    def _set_signal_handlers(self) -> None:
        pass


class Jobs:
    """The jobs of the catalogue, in threads. ``work`` is what each does, by its name.

    Raises:
        ValueError: a job has no work, or some work no job.
    """

    def __init__(
        self, path: Path, db: Database, clock: Clock, work: Mapping[str, Work], jobs: tuple[Job, ...] = JOBS
    ) -> None:
        if {job.name for job in jobs} != set(work):
            raise ValueError("every job needs its work, and all work a job")
        self._db, self._clock, self._jobs, self._work = db, clock, jobs, work
        self._huey = SqliteHuey("jobs", filename=str(path), results=False, utc=True, fsync=False)
        self._tasks = {job.name: self._task(job) for job in jobs}
        self._at_once = {job.name: self._task_at_once(job) for job in jobs}

    def start(self) -> None:
        """Runs what was missed while the process was away, and then each job when it is due."""
        history.close_open(self._db)
        self._huey.flush()  # what is due is known from the history; the queue of another day says nothing more
        self._huey.flush_locks(*(job.name for job in self._jobs))
        self._consumer = _Threads(
            self._huey, workers=WORKERS, max_delay=POLL, check_worker_health=False, shutdown_timeout=PATIENCE
        )
        self._consumer.start()
        for job in self._jobs:
            if history.is_due(self._db, job, self._clock()):
                self._tasks[job.name]()

    def stop(self) -> None:
        """Waits for running jobs, up to ``PATIENCE``."""
        self._consumer.stop(graceful=True)
        self._huey.storage.close()

    def answer_wishes(self) -> None:
        """Sends the jobs on their way that somebody has asked for."""
        for name in history.take_wanted(self._db):
            if name in self._at_once:  # what an older version's job was called, nobody can run
                self._at_once[name]()

    def run(self, name: str, *, due_or_not: bool = False) -> bool:
        """Runs a job here and now if it is due and runs nowhere else; says whether it did. What it raises is raised."""
        job = next(job for job in self._jobs if job.name == name)
        try:
            with self._huey.lock_task(name):
                if not due_or_not and not history.is_due(self._db, job, self._clock()):
                    return False
                history.record(self._db, self._clock, job, self._work[name])
                return True
        except TaskLockedException:
            log.info("job runs already", job=name)
            return False

    def _task_at_once(self, job: Job) -> Callable[[], object]:
        def run() -> None:
            self.run(job.name, due_or_not=True)

        task: Callable[[], object] = self._huey.task(name=f"{job.name}-at-once")(run)
        return task

    def _task(self, job: Job) -> Callable[[], object]:
        def run() -> None:
            self.run(job.name)

        task: Callable[[], object] = self._huey.periodic_task(matches(job.schedule), name=job.name)(run)
        return task
