"""Kills a loaded server again and again, then compares what the clients were promised with what the store holds."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from bench.served import Access, Served, launch, log_of, set_up, start
from tests.crash.clients import Client, Sent

from pulseboard.kit.clock import system_clock
from pulseboard.spool.sqlite import SqliteSpool
from pulseboard.store import PlatformScope, ProjectScope
from pulseboard.store.base import Row
from pulseboard.store.chdb import open_chdb

LONGEST_LIFE = 1.5  # seconds from being ready to the kill
SETTLING = 120  # seconds for what was accepted to be written, at the end
COUNT = "/api/v1/analytics/events/count"
EVENTS = "SELECT id, user_id, person, toInt64(message) AS tag FROM events"
TOTAL = "SELECT count() AS n FROM events WHERE project_id = {id:UUID}"


@dataclass
class Report:
    """What came out; every list is empty when the promise held."""

    seed: int
    kills: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    broken: int = 0  # requests that never got their answer
    stored: int = 0
    seconds: float = 0.0
    starts: list[float] = field(default_factory=list)  # seconds each
    lost: list[Sent] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)  # tags
    misnamed: list[Sent] = field(default_factory=list)  # stored under another id than the one that was answered
    unknown: list[int] = field(default_factory=list)  # tags that nobody sent
    split: list[str] = field(default_factory=list)  # persons with more than one number, or sharing one
    waiting: int = 0  # events left in the spool after a clean stop

    @property
    def kept(self) -> bool:
        return not (self.lost or self.doubled or self.misnamed or self.unknown or self.split or self.waiting)

    def __str__(self) -> str:
        starts = sorted(self.starts)
        return (
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, misnamed {len(self.misnamed)}, "
            f"unknown {len(self.unknown)}, persons split {len(self.split)}, left waiting {self.waiting}\n"
            f"{self.kills} kills, {self.broken} requests cut off, {self.acknowledged} events acknowledged "
            f"({self.acknowledged / max(self.seconds, 0.001):.0f}/s), {self.unacknowledged} not, {self.stored} stored; "
            f"start {starts[len(starts) // 2]:.1f} s (median), {starts[-1]:.1f} s (longest)\n"
            f"seed {self.seed}"
        )


def run(folder: Path, *, kills: int, seed: int, clients: int = 6) -> Report:
    """Loads a server in ``folder``, kills it ``kills`` times, and reports."""
    dice = random.Random(seed)
    report = Report(seed)
    served = start(folder)
    access = set_up(served)
    crowd = [Client(number, served.port, access.key, seed) for number in range(1, clients + 1)]
    began = time.perf_counter()
    for client in crowd:
        client.start()
    for _ in range(kills):
        _await_moment(served, access, dice)
        served.kill()
        report.kills += 1
        if dice.random() < 0.2:
            report.kills += _kill_while_starting(folder, served.port, dice)
        served = start(folder, served.port)
        report.starts.append(served.started_in)
    _await_moment(served, access, dice)
    for client in crowd:
        client.stop()
    report.seconds = time.perf_counter() - began
    report.broken = sum(client.broken for client in crowd)
    _settle(served)
    if (status := served.stop()) != 0:
        raise AssertionError(f"a clean stop ended with {status}:\n{log_of(folder).read_text(errors='replace')[-3000:]}")
    _compare(report, [event for client in crowd for event in client.sent], folder, access.project_id)
    return report


def _await_moment(served: Served, access: Access, dice: random.Random) -> None:
    """Any moment, or the one just after an insert became visible: the batch may not be acknowledged yet."""
    time.sleep(dice.uniform(0.0, LONGEST_LIFE))
    if dice.random() < 0.4:
        with httpx.Client(base_url=served.url, headers=access.as_program, timeout=30) as client:
            before = client.get(COUNT).json()
            deadline = time.monotonic() + 5
            while client.get(COUNT).json() == before and time.monotonic() < deadline:
                pass


def _kill_while_starting(folder: Path, port: int, dice: random.Random) -> int:
    process = launch(folder, port)
    time.sleep(dice.uniform(0.2, 2.5))
    process.kill()
    process.wait()
    return 1


def _settle(served: Served) -> None:
    deadline = time.monotonic() + SETTLING
    while time.monotonic() < deadline:
        if httpx.get(f"{served.url}/health/ready", timeout=30).json()["waitingEvents"] == 0:
            return
        time.sleep(0.1)


def _compare(report: Report, sent: list[Sent], folder: Path, project_id: str) -> None:
    spool = SqliteSpool(folder / "spool.db", max_bytes=2**40)
    report.waiting = spool.backlog().events
    spool.close()
    store = open_chdb(folder / "events", system_clock)
    rows = store.read(EVENTS, {}, ProjectScope(project_id))
    total = store.read(
        "SELECT count() AS n FROM events WHERE project_id = {id:UUID}", {"id": project_id}, PlatformScope()
    )
    store.close()
    if total[0]["n"] != len(rows):
        raise AssertionError(f"read {len(rows)} of {total[0]['n']} rows")
    judge(report, sent, rows)


def judge(report: Report, sent: list[Sent], rows: list[Row]) -> None:
    """Fills in what was promised, what is there, and how they differ."""
    stored = {row["tag"]: row["id"] for row in rows}
    times = Counter(row["tag"] for row in rows)
    tags = {event.tag for event in sent}
    report.stored = len(rows)
    report.acknowledged = sum(event.acknowledged for event in sent)
    report.unacknowledged = len(sent) - report.acknowledged
    report.lost = [event for event in sent if event.acknowledged and event.tag not in stored]
    report.doubled = [tag for tag, count in times.items() if count > 1]
    report.unknown = [tag for tag in times if tag not in tags]
    report.misnamed = [
        event
        for event in sent
        if (promised := event.own_id or event.given_id) and stored.get(event.tag, promised) != promised
    ]
    pairs = {(row["user_id"], row["person"]) for row in rows}
    report.split = [user for user, count in Counter(user for user, _ in pairs).items() if count > 1]
    report.split += [f"number {number}" for number, count in Counter(n for _, n in pairs).items() if count > 1]
