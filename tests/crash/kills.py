"""Kills a loaded server again and again, then compares what the clients were promised with every number there is."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from bench.served import UNLIMITED, Access, Served, launch, log_of, set_up, sign_in, start
from tests.crash.clients import Client
from tests.crash.doors import DOMAIN, LATEST, Sent, Site

from pulseboard.kit.clock import system_clock
from pulseboard.spool.sqlite import SqliteSpool
from pulseboard.store import PlatformScope, ProjectScope
from pulseboard.store.base import Row
from pulseboard.store.chdb import open_chdb

LONGEST_LIFE = 1.5  # seconds from being ready to the kill
SETTLING = 120  # seconds for what was accepted to be written, at the end
COUNT = "/api/v1/analytics/events/count"
TAG = "toInt64(substring(JSONExtractString(properties, 'endpoint'), 6))"
EVENTS = f"SELECT id, user_id, person, {TAG} AS tag FROM events"
TOTAL = "SELECT count() AS n FROM events WHERE project_id = {id:UUID}"
ENV = {"PULSEBOARD_RATE_LIMIT_ADDRESS": UNLIMITED}


@dataclass
class Report:
    """What came out; every list is empty when the promise held."""

    seed: int
    kills: int = 0
    requests: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    broken: int = 0  # requests that never got their answer
    unavailable: int = 0
    stored: int = 0
    deduplicated: int = 0
    seconds: float = 0.0
    starts: list[float] = field(default_factory=list)  # seconds each
    lost: list[Sent] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)  # tags
    misnamed: list[Sent] = field(default_factory=list)  # stored under another id than the one that was answered
    unknown: list[int] = field(default_factory=list)  # tags that nobody sent
    split: list[str] = field(default_factory=list)  # persons with more than one number, or sharing one
    numbers: list[str] = field(default_factory=list)  # counts that differ from what is stored
    waiting: int = 0  # events left in the spool after a clean stop

    @property
    def kept(self) -> bool:
        wrong = (self.lost, self.doubled, self.misnamed, self.unknown, self.split, self.numbers, self.waiting)
        return not any(wrong)

    def __str__(self) -> str:
        starts = sorted(self.starts) or [0.0]
        seconds = max(self.seconds, 0.001)
        return (
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, misnamed {len(self.misnamed)}, "
            f"unknown {len(self.unknown)}, persons split {len(self.split)}, left waiting {self.waiting}, "
            f"numbers that differ {self.numbers}\n"
            f"{self.kills} kills in {seconds:.0f} s, {self.requests} requests, {self.broken} cut off, "
            f"{self.unavailable} answered 503; {self.acknowledged} events acknowledged "
            f"({self.acknowledged / seconds:.0f}/s), {self.unacknowledged} not, {self.stored} stored, "
            f"{self.deduplicated} doubles left out; start {starts[len(starts) // 2]:.1f} s (median), "
            f"{starts[-1]:.1f} s (longest)\nseed {self.seed}"
        )


def run(folder: Path, *, kills: int, seed: int, clients: int = 6) -> Report:
    """Loads a server in ``folder``, kills it ``kills`` times, and reports."""
    dice = random.Random(seed)
    report = Report(seed)
    served = start(folder, env=ENV)
    access = set_up(served)
    site = Site(access.project_id, access.key)
    _make_website(served, access)
    crowd = [Client(number, served.port, site, seed) for number in range(1, clients + 1)]
    began, month = time.perf_counter(), datetime.now(UTC).month
    for client in crowd:
        client.start()
    for _ in range(kills):
        _await_moment(served, access, dice)
        served.kill()
        report.kills += 1
        if dice.random() < 0.2:
            report.kills += _kill_while_starting(folder, served.port, dice)
        served = start(folder, served.port, ENV)
        report.starts.append(served.started_in)
    _await_moment(served, access, dice)
    for client in crowd:
        client.stop()
    report.seconds = time.perf_counter() - began
    _settle(served)
    told = _told(served, access)
    if datetime.now(UTC).month != month:
        del told["quota"]  # it is two months' by now
    if (status := served.stop()) != 0:
        raise AssertionError(f"a clean stop ended with {status}:\n{log_of(folder).read_text(errors='replace')[-3000:]}")
    _sum_up(report, crowd)
    _compare(report, [event for client in crowd for event in client.sent], folder, access.project_id)
    compare_numbers(report, told)
    return report


def _make_website(served: Served, access: Access) -> None:
    url = f"{served.url}/api/v1/projects/{access.project_id}"
    httpx.patch(url, json={"domains": [DOMAIN]}, headers=access.as_person).raise_for_status()


def _await_moment(served: Served, access: Access, dice: random.Random) -> None:
    """Any moment, or the one just after an insert became visible: the batch may not be acknowledged yet."""
    time.sleep(dice.uniform(0.0, LONGEST_LIFE))
    if dice.random() < 0.4:
        with httpx.Client(base_url=served.url, headers=access.as_program, timeout=30) as client:
            before = client.get(COUNT).json()["count"]
            deadline = time.monotonic() + 5
            while client.get(COUNT).json()["count"] == before and time.monotonic() < deadline:
                pass


def _kill_while_starting(folder: Path, port: int, dice: random.Random) -> int:
    process = launch(folder, port, ENV)
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


def _told(served: Served, access: Access) -> dict[str, int]:
    """Every number that somebody may read or pay for."""
    now = datetime.now(UTC)
    frame = {"from": (now - LATEST - timedelta(days=2)).isoformat(), "to": (now + timedelta(days=1)).isoformat()}
    with httpx.Client(base_url=served.url, headers=sign_in(served), timeout=60) as http:

        def get(path: str, **params: str) -> dict[str, Any]:
            answer = http.get(path, params=params)
            answer.raise_for_status()
            read: dict[str, Any] = answer.json()
            return read

        project = access.project_id
        org = get(f"/api/v1/projects/{project}")["orgId"]
        account = get(f"/api/v1/projects/{project}/ingestion", range="7d")["totals"]
        return {
            "dashboard": get(COUNT, projectId=project, **frame)["count"],
            "quota": get("/api/v1/billing/usage", orgId=org)["used"],
            "account": account["stored"],
            "account's difference": account["accepted"] - account["deduplicated"],
            "doubles": account["deduplicated"],
            "dead letters": get("/api/v1/admin/dead-letters")["total"],
        }


def _sum_up(report: Report, crowd: list[Client]) -> None:
    report.requests = sum(client.requests for client in crowd)
    report.broken = sum(client.broken for client in crowd)
    report.unavailable = sum(client.unavailable for client in crowd)


def _compare(report: Report, sent: list[Sent], folder: Path, project_id: str) -> None:
    spool = SqliteSpool(folder / "spool.db", max_bytes=2**40)
    report.waiting = spool.backlog().events
    spool.close()
    store = open_chdb(folder / "events", system_clock)
    rows = store.read(EVENTS, {}, ProjectScope(project_id))
    total = store.read(TOTAL, {"id": project_id}, PlatformScope())
    store.close()
    if total[0]["n"] != len(rows):
        raise AssertionError(f"read {len(rows)} of {total[0]['n']} rows")
    judge(report, sent, rows)


def compare_numbers(report: Report, told: dict[str, int]) -> None:
    """Each number that was told is the number of rows; nothing was put aside."""
    report.deduplicated = told["doubles"]
    same = {name: number for name, number in told.items() if name not in ("doubles", "dead letters")}
    report.numbers = [f"{name} {number}" for name, number in same.items() if number != report.stored]
    if told["dead letters"]:
        report.numbers.append(f"dead letters {told['dead letters']}")


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
