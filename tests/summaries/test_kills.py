"""The job is killed by SIGKILL after one of its writes; a reader notices nothing, and the next run ends the work."""

import multiprocessing
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from tests.summaries import killed


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["litestar", "sqlalchemy", "alembic", "uvicorn", "limits", "ua_parser"])
    return context


def kill(context: ForkServerContext, folder: Path, after: int) -> tuple[int, Path, int | None]:
    """Lets a process make the folder's summaries, and says how it ended."""
    process = context.Process(target=killed.keep, args=(folder, after))
    process.start()
    process.join(60)
    return after, folder, process.exitcode


@pytest.mark.crash
def test_whatever_write_the_job_dies_after_readers_get_the_same(context: ForkServerContext, tmp_path: Path) -> None:
    filled = tmp_path / "filled"
    killed.fill(filled)

    def copy(after: int) -> Path:
        return shutil.copytree(filled, tmp_path / f"killed after {after}", symlinks=True)

    whole = copy(0)
    assert kill(context, whole, 0)[2] == 0
    expected = killed.state(whole)
    assert expected["wrong"] == [] == expected["noted"]
    assert sum(expected["read"]["daily event_count"].values()) == 9
    calls = int((whole / "calls").read_text())
    assert calls > 10
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for after, folder, ended in pool.map(lambda n: kill(context, copy(n), n), range(2, calls + 1, 8)):
            assert ended == -signal.SIGKILL
            assert killed.state(folder) == expected, f"killed after write {after} of {calls}"
