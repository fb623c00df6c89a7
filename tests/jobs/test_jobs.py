"""Jobs run when they are due, once, one at a time, and leave a history."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulseboard.db import Database, migrate
from pulseboard.jobs import JOBS, Job, Jobs, Standing, standings
from pulseboard.jobs.cron import last_due, next_due

FRIDAY = datetime(2026, 3, 13, 1, 20, tzinfo=UTC)
HOURLY = Job("hourly", "0 * * * *", "Something small")


@dataclass
class World:
    """A control database, a clock, and what ran."""

    folder: Path
    db: Database
    now: datetime = FRIDAY
    ran: list[datetime] = field(default_factory=list)

    def jobs(self, work: Callable[[], None] | None = None) -> Jobs:
        return Jobs(self.folder / "jobs.db", self.db, lambda: self.now, {"hourly": work or self.note}, (HOURLY,))

    def note(self) -> None:
        self.ran.append(self.now)

    def rows(self) -> list[tuple[str, str]]:
        with self.db.read() as session:
            found = session.connection().exec_driver_sql("SELECT outcome, reason FROM job_runs ORDER BY id")
            return [(row[0], row[1]) for row in found]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    db = Database(url)
    yield World(tmp_path, db)
    db.close()


@pytest.mark.parametrize(
    ("schedule", "last", "following"),
    [
        ("0 1 * * *", "2026-03-13T01:00", "2026-03-14T01:00"),
        ("0 1 * * 5", "2026-03-13T01:00", "2026-03-20T01:00"),
        ("0 0 1 * *", "2026-03-01T00:00", "2026-04-01T00:00"),
        ("*/15 * * * *", "2026-03-13T01:15", "2026-03-13T01:30"),
        ("20 1 * * *", "2026-03-13T01:20", "2026-03-14T01:20"),
    ],
)
def test_a_schedule_says_when_it_was_and_will_be_due(schedule: str, last: str, following: str) -> None:
    assert last_due(schedule, FRIDAY) == datetime.fromisoformat(last).replace(tzinfo=UTC)
    assert next_due(schedule, FRIDAY) == datetime.fromisoformat(following).replace(tzinfo=UTC)


@pytest.mark.parametrize("schedule", ["", "* * * *", "61 * * * *", "0 1 * * * *", "soon * * * *", "0 0 31 2 *"])
def test_an_expression_that_says_nothing_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        last_due(schedule, FRIDAY)


def test_every_job_of_the_catalogue_has_a_name_of_its_own_and_is_due_some_time() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(last_due(job.schedule, FRIDAY) <= FRIDAY < next_due(job.schedule, FRIDAY) for job in JOBS)


def test_a_job_without_work_cannot_be_made(world: World) -> None:
    with pytest.raises(ValueError, match="every job needs its work"):
        Jobs(world.folder / "jobs.db", world.db, lambda: FRIDAY, {}, (HOURLY,))


def test_a_job_runs_once_for_each_time_that_it_is_due(world: World) -> None:
    jobs = world.jobs()
    assert [jobs.run("hourly"), jobs.run("hourly")] == [True, False]
    world.now += timedelta(hours=1)
    assert jobs.run("hourly")
    assert world.ran == [FRIDAY, FRIDAY + timedelta(hours=1)]


def test_a_job_that_failed_says_why_and_is_still_due(world: World) -> None:
    def fail() -> None:
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError):
        world.jobs(fail).run("hourly")
    assert world.rows() == [("failed", "RuntimeError: no disk")]
    assert world.jobs().run("hourly")


def test_a_job_does_not_run_twice_at_once(world: World) -> None:
    began, go_on = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        assert go_on.wait(10)

    jobs = world.jobs(work)
    thread = threading.Thread(target=jobs.run, args=("hourly",))
    thread.start()
    assert began.wait(10)
    world.now += timedelta(hours=1)
    assert not jobs.run("hourly")
    go_on.set()
    thread.join()
    assert world.rows() == [("done", "")]


def test_what_was_missed_runs_at_the_start_and_what_was_cut_off_is_said(world: World) -> None:
    def cut_off() -> None:
        raise KeyboardInterrupt  # no Exception, so nothing is written down: as after a kill

    with pytest.raises(KeyboardInterrupt):
        world.jobs(cut_off).run("hourly")
    assert world.rows() == [("running", "")]
    done = threading.Event()
    jobs = world.jobs(done.set)
    jobs.start()
    assert done.wait(10)
    jobs.stop()
    assert world.rows() == [("interrupted", ""), ("done", "")]


def test_a_lock_that_a_killed_process_left_behind_stops_nobody(world: World) -> None:
    left = world.jobs()
    left._huey.lock_task("hourly").acquire()
    assert not left.run("hourly")
    done = threading.Event()
    jobs = world.jobs(done.set)
    jobs.start()
    assert done.wait(10)
    jobs.stop()


def test_the_history_shows_the_last_run_how_long_it_took_and_the_next(world: World) -> None:
    def slow() -> None:
        world.now += timedelta(seconds=3)

    jobs = Jobs(world.folder / "jobs.db", world.db, lambda: world.now, {job.name: slow for job in JOBS})
    with world.db.read() as session:
        assert [each.outcome for each in standings(session, world.now)] == [None] * len(JOBS)
    jobs.run(JOBS[0].name)
    with world.db.read() as session:
        shown = standings(session, world.now)[0]
    following = next_due(JOBS[0].schedule, FRIDAY)
    assert shown == Standing(JOBS[0], following, FRIDAY, timedelta(seconds=3), "done", "")
