"""The writer is killed by SIGKILL after every single one of its calls; whatever was done, the same comes out."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from tests.crash import points

EXPECTED = {
    "waiting": 0,
    "dead": [["alice", 1], ["alice", 1], ["alice", 1], ["no project's id", 1]],
    "alice": {
        "own": ["order-1", "order-2", "order-3", "replayed-1"],
        "made": 1,
        "total": [7, 5],
        "refused": [["unstorable", 3]],
        "used": 5,
    },
    "charlie": {"own": ["order-1"], "made": 1, "total": [2, 2], "refused": [], "used": 2},
}


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["litestar", "sqlalchemy", "alembic", "uvicorn", "limits", "ua_parser"])
    return context


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("filled") / "data"
    points.fill(folder)
    yield folder


def kill(context: ForkServerContext, folder: Path, after: int) -> tuple[int, Path, int | None]:
    """Lets a process drain the folder, and says how it ended."""
    process = context.Process(target=points.drain, args=(folder, after))
    process.start()
    process.join(60)
    return after, folder, process.exitcode


@pytest.mark.crash
def test_whatever_call_the_writer_dies_after_the_same_comes_out(
    context: ForkServerContext, filled: Path, tmp_path: Path
) -> None:
    def copy(after: int) -> Path:
        return shutil.copytree(filled, tmp_path / f"killed after {after}", symlinks=True)

    whole = copy(0)
    assert kill(context, whole, 0)[2] == 0
    assert points.state(whole) == EXPECTED
    calls = int((whole / "calls").read_text())
    assert calls > 30
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for after, folder, ended in pool.map(lambda after: kill(context, copy(after), after), range(1, calls + 1)):
            assert ended == -signal.SIGKILL
            assert points.state(folder) == EXPECTED, f"killed after call {after} of {calls}"
            shutil.rmtree(folder)
