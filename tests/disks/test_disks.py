"""Disks that are full, torn away or bounded under a running server: nothing promised is lost, and all comes back."""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from bench.served import Access, Served, set_up, start
from tests.disks.disks import Disk, memory_disk, real_disk
from tests.disks.sender import Sender, eventually

KIB = 1024


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Access]:
    """A data folder with an owner and a project, to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "data"
    served = start(folder)
    access = set_up(served)
    assert served.stop() == 0
    return folder, access


@contextmanager
def running(folder: Path, **env: str) -> Iterator[Served]:
    served = start(folder, env={"PULSEBOARD_SELF_MONITOR": "off", **env})
    try:
        yield served
    finally:
        served.kill()


def copied(ready: tuple[Path, Access], folder: Path) -> Access:
    shutil.copytree(ready[0], folder, symlinks=True, dirs_exist_ok=True)
    os.sync()  # what a test takes away is what the server writes, and not the copy
    return ready[1]


def alone_on(disk: Disk, folder: Path, part: str) -> None:
    """Moves a file of the data folder to a disk of its own."""
    shutil.move(folder / part, disk.path / part)
    (folder / part).symlink_to(disk.path / part)


def test_a_full_disk_under_the_queue_is_a_503_and_passes(ready: tuple[Path, Access], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with memory_disk(tmp_path / "disk", 4) as disk:
        access = copied(ready, folder)
        alone_on(disk, folder, "spool.db")
        with running(folder) as served:
            sender = Sender(served, access)
            assert sender.send(5) == {202}
            disk.fill()
            sender.send_until(503)
            assert sender.get("/analytics/events/count", projectId=access.project_id).status_code == 200
            disk.free()
            eventually(lambda: sender.send() == {202})
            sender.check()


@pytest.mark.parametrize("part", ["counted.db", "ledger.db"])
def test_a_full_disk_under_an_account_stops_nobody_at_the_door(
    ready: tuple[Path, Access], tmp_path: Path, part: str
) -> None:
    folder = tmp_path / "data"
    with memory_disk(tmp_path / "disk", 4) as disk:
        access = copied(ready, folder)
        alone_on(disk, folder, part)
        with running(folder) as served:
            sender = Sender(served, access)
            disk.fill()
            assert sender.send(300) == {202}
            eventually(lambda: sender.waiting() > 0)
            assert sender.send(20) == {202}
            disk.free()
            sender.check()


def test_a_full_disk_under_the_store_stops_nobody_at_the_door(ready: tuple[Path, Access], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with memory_disk(folder / "events", 64) as disk:
        access = copied(ready, folder)
        with running(folder) as served:
            sender = Sender(served, access)
            disk.fill()
            assert sender.send(50) == {202}
            eventually(lambda: sender.get("/ingest/backlog").json()["lagSeconds"] > 1)
            assert sender.send(50) == {202}
            assert sender.get("/api/v1/admin/dead-letters").json()["total"] == 0
            disk.free()
            sender.check()


def test_a_store_that_is_down_for_too_long_closes_the_doors_until_it_is_back(
    ready: tuple[Path, Access], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with memory_disk(folder / "events", 64) as disk:
        access = copied(ready, folder)
        with running(folder, PULSEBOARD_SPOOL_AGE="3") as served:
            sender = Sender(served, access)
            disk.fill()
            assert sender.send(10) == {202}
            eventually(lambda: sender.send() == {503})
            assert sender.get("/ingest/backlog").json()["lagSeconds"] >= 3
            assert sender.get("/health/ready").status_code == 503
            disk.free()
            eventually(lambda: sender.send() == {202})
            assert sender.get("/health/ready").status_code == 200
            sender.check()


def test_a_full_disk_under_the_accounts_of_people_is_a_503_for_them_alone(
    ready: tuple[Path, Access], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with memory_disk(tmp_path / "disk", 4) as disk:
        access = copied(ready, folder)
        alone_on(disk, folder, "control.db")
        with running(folder) as served:
            sender = Sender(served, access)
            disk.fill()
            assert sender.send(20) == {202}
            made = [make_project(served, access) for _ in range(200)]
            assert set(made) <= {201, 503}
            assert made[-1] == 503
            assert sender.get("/api/v1/projects").status_code == 200
            disk.free()
            eventually(lambda: make_project(served, access) == 201)
            sender.check()


def make_project(served: Served, access: Access) -> int:
    body = {"name": "more", "description": "x" * 1_900}
    answer = httpx.post(f"{served.url}/api/v1/projects", json=body, headers=access.as_person, timeout=30)
    assert answer.status_code != 503 or int(answer.headers["retry-after"]) > 0
    return answer.status_code


def test_a_full_disk_under_everything_loses_nothing_also_when_the_server_is_killed_on_it(
    ready: tuple[Path, Access], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with memory_disk(folder, 80) as disk:
        access = copied(ready, folder)
        with running(folder) as served:
            sender = Sender(served, access)
            assert sender.send(50) == {202}
            disk.fill()
            sender.send_until(503)
            for path in ("/health/live", "/api/v1/projects", "/ingest/backlog"):
                assert sender.get(path).status_code == 200
        disk.free()
        with running(folder) as again:
            sender.served = again
            assert sender.send(10) == {202}
            sender.check()


def test_a_disk_that_turns_read_only_is_a_503_and_what_was_promised_is_on_it(
    ready: tuple[Path, Access], tmp_path: Path
) -> None:
    folder, mounted = tmp_path / "disk" / "data", tmp_path / "disk"
    with real_disk(mounted, 256) as disk:
        access = copied(ready, folder)
        with running(folder) as served:
            sender = Sender(served, access)
            assert sender.send(50) == {202}
            disk.tear_away()
            assert sender.send(20) == {503}
            assert sender.get("/health/live").status_code == 200
            assert make_project(served, access) == 503
    with real_disk(mounted, 256), running(folder) as served:
        sender.served = served
        assert sender.send(10) == {202}
        sender.check()


@pytest.mark.parametrize("most", [0, 200 * KIB])
def test_a_bound_on_what_the_process_may_write_is_a_503_and_passes(
    ready: tuple[Path, Access], tmp_path: Path, most: int
) -> None:
    """The same without root: no file may grow past a size, as under a quota."""
    folder = tmp_path / "data"
    access = copied(ready, folder)
    with running(folder) as served:
        sender = Sender(served, access)
        assert sender.send(20) == {202}
        unlimited = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (most, unlimited[1]))
        sender.send_until(503)
        assert sender.get("/analytics/events/count", projectId=access.project_id).status_code in (200, 503)
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, unlimited)
        eventually(lambda: sender.send() == {202})
        sender.check()


def test_a_folder_that_cannot_be_written_is_said_at_the_start(ready: tuple[Path, Access], tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with ExitStack() as mounts:
        disk = mounts.enter_context(memory_disk(folder, 80))
        copied(ready, folder)
        disk.fill()
        with pytest.raises(RuntimeError, match="pulseboard: ") as said, running(folder):
            pass
        assert "Traceback" not in str(said.value), str(said.value)
