"""Files whose bytes turned: the server starts, or says which file it is and what to do; reads answer 503."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from bench.served import Access, set_up, start
from tests.disks.sender import Sender

GARBAGE = b"\xff" * 4096


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Access, str]:
    """A stopped server's folder with some events, the keys to it, and the id of one event."""
    folder = tmp_path_factory.mktemp("ready") / "data"
    served = start(folder)
    access = set_up(served)
    sender = Sender(served, access)
    sender.send(20)
    sender.check()
    assert served.stop() == 0
    return folder, access, sender.accepted[0]


@pytest.fixture
def folder(ready: tuple[Path, Access, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready[0], tmp_path / "data", symlinks=True))


def damage(path: Path, page: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(GARBAGE)


@pytest.mark.parametrize(
    ("name", "page", "cure"),
    [
        ("ledger.db", 0, "put a copy of it back, or move it away"),
        ("ledger.db", 3, "put a copy of it back, or move it away"),
        ("counted.db", 0, "put a copy of it back, or move it away"),
        ("control.db", 0, "put a copy of control.db back"),
    ],
)
def test_a_damaged_file_is_named_at_the_start_with_what_to_do(folder: Path, name: str, page: int, cure: str) -> None:
    damage(folder / name, page)
    with pytest.raises(RuntimeError) as said:
        start(folder)
    (line,) = [line for line in str(said.value).splitlines() if "pulseboard: " in line]
    assert cure in line
    assert name in line
    assert "Traceback" not in str(said.value)


def test_what_the_message_says_to_do_helps(folder: Path, ready: tuple[Path, Access, str]) -> None:
    for name in ("ledger.db", "counted.db"):
        damage(folder / name, 0)
        (folder / name).unlink()
    served = start(folder)
    try:
        sender = Sender(served, ready[1])
        body = {"name": "step", "id": ready[2]}
        again = httpx.post(f"{served.url}/ingest/event", json=body, headers=ready[1].as_program)
        assert again.status_code == 202
        sender.send(5)
        stored = sender.stored
        while sender.waiting():
            pass
        assert stored() == 25
    finally:
        served.stop()


def test_a_damaged_queue_starts_and_says_where_the_old_file_is(folder: Path, ready: tuple[Path, Access, str]) -> None:
    damage(folder / "spool.db", 1)
    served = start(folder)
    try:
        sender = Sender(served, ready[1])
        assert sender.send(5) == {202}
        assert len(list(folder.glob("spool.damaged-*"))) >= 1
        assert "what could be read of it is in its place" in (folder.parent / "data.log").read_text()
    finally:
        served.stop()


@pytest.mark.parametrize("name", ["ledger.db", "control.db"])
def test_a_file_that_is_damaged_under_the_server_is_a_503_at_reads(
    folder: Path, ready: tuple[Path, Access, str], name: str
) -> None:
    served = start(folder, env={"PULSEBOARD_SELF_MONITOR": "off"})
    try:
        sender = Sender(served, ready[1])
        assert sender.send(5) == {202}
        damage(folder / name, 1)
        with (folder / name).open("r+b") as file:
            pages = file.seek(0, 2) // 4096
            file.seek(4096)
            file.write(GARBAGE * (pages - 1))
        path = f"/api/v1/projects/{ready[1].project_id}/ingestion" if name == "ledger.db" else "/api/v1/projects"
        answer = sender.get(path)
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"] == "unavailable"
        assert "put a copy of" in (folder.parent / "data.log").read_text()
    finally:
        served.kill()
