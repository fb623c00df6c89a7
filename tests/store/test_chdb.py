"""What is special about the engine inside the process."""

import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.disks.disks import memory_disk

from pulseboard.errors import Unavailable
from pulseboard.store import PlatformScope, Store, StoreInUse
from pulseboard.store.chdb import open_chdb
from pulseboard.store.files import schema_steps

FIRST = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def run_elsewhere(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_opening_again_keeps_the_rows_and_repeats_no_step(tmp_path: Path) -> None:
    store = open_chdb(tmp_path, lambda: FIRST)
    store.insert("persons", b'{"project_id":"01970000-0000-7000-8000-00000000000a","key":"ann","number":1}')
    store.close()
    again = open_chdb(tmp_path, lambda: datetime.now(UTC))
    try:
        applied = again.read("SELECT number, applied_at FROM schema_versions ORDER BY number", {}, PlatformScope())
        persons = again.read("SELECT key FROM persons", {}, PlatformScope())
    finally:
        again.close()
    assert [row["number"] for row in applied] == [step.number for step in schema_steps()]
    assert {row["applied_at"] for row in applied} == {"2026-01-15T10:30:00.000Z"}
    assert persons == [{"key": "ann"}]


def test_a_second_process_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    store = open_chdb(tmp_path, lambda: FIRST)
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pulseboard.store import StoreInUse
from pulseboard.store.chdb import open_chdb
try:
    open_chdb(Path(sys.argv[1]), lambda: datetime.now(UTC))
except StoreInUse as refused:
    print(refused)
"""
    try:
        assert "in use by another process" in run_elsewhere(code, str(tmp_path))
        with pytest.raises(StoreInUse):
            open_chdb(tmp_path, lambda: FIRST)
    finally:
        store.close()


def test_a_folder_where_the_engine_cannot_start_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(Unavailable):
        open_chdb(tmp_path, lambda: FIRST)


@pytest.mark.parametrize("name", ["with space", "a&b=c", "p%20q", "ümläut;#"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    open_chdb(tmp_path / name, lambda: FIRST).close()
    assert [folder.name for folder in tmp_path.iterdir()] == [name]


def test_a_question_mark_in_the_path_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="question mark"):
        open_chdb(tmp_path / "what?", lambda: FIRST)
    assert list(tmp_path.iterdir()) == []


def test_the_driver_brings_no_pyarrow_along() -> None:
    code = "import sys, pulseboard.store.chdb; print('pyarrow' in sys.modules, 'pandas' in sys.modules)"
    assert run_elsewhere(code) == "False False"


def test_the_room_can_be_imported_without_the_engine() -> None:
    assert run_elsewhere("import sys, pulseboard.store; print('chdb' in sys.modules)") == "False"


def test_the_schema_is_numbered_without_gaps() -> None:
    assert [step.number for step in schema_steps()] == list(range(1, len(schema_steps()) + 1))


ROW = b'{"project_id":"01970000-0000-7000-8000-00000000000a","id":"e","timestamp":1767225600}'
INSERTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pulseboard.errors import Unavailable
from pulseboard.store.chdb import open_chdb
store = open_chdb(Path(sys.argv[1]), lambda: datetime.now(UTC))
for attempt in range(50):
    try:
        store.insert("events", sys.argv[2].encode())
        break
    except Unavailable:  # the fault meets each of the engine's threads once, and another one may make the next try
        pass
else:
    raise SystemExit("no try succeeds")
store.close()
"""


def ids(store: Store) -> list[str]:
    return [row["id"] for row in store.read("SELECT id FROM events", {}, PlatformScope())]


def insert_elsewhere(tmp_path: Path, fault: str) -> tuple[Path, int]:
    """An insert in a process of its own; ``fault`` happens when the part that it wrote gets its final name."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("only strace can reach into the very last step of an insert")
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        open_chdb(folder / "events", lambda: FIRST).close()
        inject = [
            strace,
            "-f",
            "-o",
            str(folder / "calls"),
            "-e",
            "trace=rename",
            "-e",
            f"inject=rename:{fault}:when=1",
        ]
        insert = [sys.executable, "-c", INSERTS, str(folder / "events"), ROW.decode()]
        done = subprocess.run([*inject, *insert], check=False, capture_output=True)
        if "tmp_insert" in (folder / "calls").read_text().splitlines()[0]:  # and not one of the engine's own
            return folder, done.returncode
    raise AssertionError("the insert's rename never came first")


def opened(folder: Path) -> Store:
    """The store, once the process that was killed has really let go of it."""
    for _ in range(50):
        try:
            return open_chdb(folder / "events", lambda: FIRST)
        except (StoreInUse, Unavailable):
            time.sleep(0.1)
    raise AssertionError("the folder stays in use")


def test_an_insert_that_is_killed_in_its_last_step_goes_in_later(tmp_path: Path) -> None:
    folder, status = insert_elsewhere(tmp_path, "signal=SIGKILL")
    assert status != 0
    store = opened(folder)
    assert ids(store) == []
    store.insert("events", ROW)
    assert ids(store) == ["e"]
    store.close()


def test_an_insert_whose_last_step_fails_goes_in_with_the_next_try(tmp_path: Path) -> None:
    folder, status = insert_elsewhere(tmp_path, "error=ENOSPC")
    assert status == 0
    store = opened(folder)
    assert ids(store) == ["e"]
    store.close()


def test_an_insert_that_finds_no_memory_is_an_error_and_goes_in_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_chdb(tmp_path / "events", lambda: FIRST)
    store.close()
    with monkeypatch.context() as small:
        small.setattr("pulseboard.store.chdb._INSERT_SETTINGS", "max_memory_usage = 1000000")
        store = open_chdb(tmp_path / "events", lambda: FIRST)
        with pytest.raises(Unavailable):
            store.insert("events", ROW)
        store.close()
    store = open_chdb(tmp_path / "events", lambda: FIRST)
    assert store.insert("events", ROW) == 1
    assert ids(store) == ["e"]
    store.close()


def test_an_insert_that_finds_no_disk_is_an_error_and_goes_in_later(tmp_path: Path) -> None:
    with memory_disk(tmp_path / "events", 64) as disk:
        store = open_chdb(tmp_path / "events", lambda: FIRST)
        disk.fill()
        with pytest.raises(Unavailable):
            store.insert("events", ROW)
        assert ids(store) == []
        disk.free()
        assert store.insert("events", ROW) == 1
        assert ids(store) == ["e"]
        store.close()
