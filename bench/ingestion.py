"""Events in: how many a second, how soon acknowledged, how soon visible."""

import statistics
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench import traffic
from bench.engine_calls import engine
from bench.served import Access, Served, free_port
from bench.table import Line, share

CONNECTIONS = (1, 8, 32, 128)
MAIN = 32  # connections that the bar is read at
BATCH_CONNECTIONS = 8
WARM_UP = 2.0  # seconds
SETTLING = 180  # seconds
MARK = "marked"  # the name of the events that are watched
LOOK = 0.03  # seconds between two marked events, and between two questions how many of them are visible
COUNT = "/api/v1/analytics/events/count"


@dataclass(frozen=True)
class Effort:
    """How long to look: ``seconds`` a measurement, ``rounds`` of them, and the rows of the engine's own inserts."""

    seconds: float
    rounds: int
    engine_rows: int


@dataclass
class Rates:
    """Requests a second by number of connections, one entry a round."""

    ours: dict[int, list[float]] = field(default_factory=dict)
    empty: dict[int, list[float]] = field(default_factory=dict)


def warm_up(served: Served, access: Access) -> None:
    """Lets the writer meet the persons, which happens once in a project's life."""
    traffic.drive(served.port, traffic.BATCH, access.key, traffic.batches(100), 4, WARM_UP)
    settle(served)


def settle(served: Served) -> float:
    """Waits until everything accepted is stored; says how many seconds that took."""
    began = time.perf_counter()
    while time.perf_counter() - began < SETTLING:
        if httpx.get(f"{served.url}/health/ready", timeout=30).json()["waitingEvents"] == 0:
            break
        time.sleep(0.02)
    return time.perf_counter() - began


def single_events(served: Served, access: Access, effort: Effort) -> tuple[list[Line], float]:
    """Against the empty app, in turns, so that both see the same machine; also the top rate at ``MAIN`` connections."""
    rates = Rates()
    with _empty_app() as empty:
        for _ in range(effort.rounds):
            for connections in CONNECTIONS:
                for port, found in ((served.port, rates.ours), (empty, rates.empty)):
                    driven = traffic.drive(
                        port, traffic.SINGLE, access.key, traffic.singles(), connections, effort.seconds
                    )
                    found.setdefault(connections, []).append(driven.rate)
                    settle(served)
    lines = [_single_line(connections, rates) for connections in CONNECTIONS]
    own = traffic.drive(served.port, traffic.SINGLE, access.key, traffic.singles(own_ids=True), MAIN, effort.seconds)
    settle(served)
    lines.append(Line(f"  with the clients' own ids, {MAIN} connections", f"{own.rate:,.0f}/s"))
    return lines, statistics.median(rates.ours[MAIN])


def batches(served: Served, access: Access, effort: Effort, folder: Path) -> list[Line]:
    """Acknowledged and visible rows per second against the engine's own insert of the same rows."""
    bulk = engine("insert", folder, access.project_id, events=effort.engine_rows, batch=20_000)["rows_per_second"]
    small = engine("insert", folder, access.project_id, events=effort.engine_rows // 10, batch=100)["rows_per_second"]
    lines = []
    for size in (100, 1_000):
        began = time.perf_counter()
        driven = traffic.drive(
            served.port, traffic.BATCH, access.key, traffic.batches(size), BATCH_CONNECTIONS, effort.seconds
        )
        settle(served)
        visible = driven.good * size / (time.perf_counter() - began)
        rate = driven.rate * size
        against = f"{bulk:,.0f} rows/s by itself"
        met = rate >= 0.5 * bulk
        lines += [
            Line(
                f"batches of {size:,}, acknowledged", f"{rate:,.0f} rows/s", against, share(rate, bulk), ">= 50%", met
            ),
            Line(f"batches of {size:,}, until visible", f"{visible:,.0f} rows/s", against, share(visible, bulk)),
        ]
    lines.append(Line("  the engine by itself, 100 rows an insert", f"{small:,.0f} rows/s"))
    return lines


def at_half_rate(served: Served, access: Access, top: float, seconds: float) -> list[Line]:
    """When events are acknowledged, and when a query sees them, at half of the top rate."""
    with ThreadPoolExecutor(2) as pool, _client(served, access) as sender, _client(served, access) as asker:
        load = pool.submit(traffic.steady, served.port, access.key, top / 2, seconds)
        answered = pool.submit(_mark, sender, load)
        seen = _watch(asker, answered)
    lags = visible_after(answered.result(), seen)
    steady = load.result()
    visible = lags[int(0.95 * len(lags))]
    pace = f"at {steady.rate:,.0f}/s"
    took = f"{steady.median * 1000:.1f} ms, {steady.p99 * 1000:.1f} ms"
    return [
        Line("accepted -> visible in a query, p95", f"{visible:.2f} s", pace, bar="< 1 s", met=visible < 1),
        Line("acknowledged, p50 and p99", took, pace, bar="p99 < 50 ms", met=steady.p99 < 0.05),
    ]


def _mark(client: httpx.Client, load: Future[traffic.Steady]) -> list[float]:
    """Sends a marked event now and then while the load runs; says when each was acknowledged."""
    answered = []
    while not load.done():
        client.post(traffic.SINGLE, json={"name": MARK}).raise_for_status()
        answered.append(time.perf_counter())
        time.sleep(LOOK)
    return answered


def _watch(client: httpx.Client, answered: Future[list[float]]) -> list[tuple[float, int]]:
    """Asks how many marked events a query sees, until it sees all; says when, and how many."""
    seen: list[tuple[float, int]] = []
    deadline = time.perf_counter() + SETTLING
    while time.perf_counter() < deadline and not (answered.done() and seen and seen[-1][1] >= len(answered.result())):
        count: int = client.get(COUNT, params={"name": MARK}).json()["count"]
        seen.append((time.perf_counter(), count))
        time.sleep(LOOK)
    return seen


def visible_after(answered: list[float], seen: list[tuple[float, int]]) -> list[float]:
    """Sorted seconds from each acknowledgement to the first look that counted as many events; infinite if none did."""
    counts = [count for _, count in seen]
    looks = [bisect_left(counts, number) for number in range(1, len(answered) + 1)]
    return sorted(
        max(0.0, seen[look][0] - moment) if look < len(seen) else float("inf")
        for look, moment in zip(looks, answered, strict=True)
    )


def _single_line(connections: int, rates: Rates) -> Line:
    ours, empty = statistics.median(rates.ours[connections]), statistics.median(rates.empty[connections])
    main = connections == MAIN
    return Line(
        f"single events, {connections} connection{'s' if connections > 1 else ''}",
        f"{ours:,.0f}/s",
        f"{empty:,.0f}/s empty app",
        share(ours, empty),
        ">= 60%" if main else "",
        ours >= 0.6 * empty if main else None,
    )


@contextmanager
def _empty_app() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.empty_app", str(port)])
    try:
        for _ in range(200):
            try:
                httpx.post(f"http://127.0.0.1:{port}/", json={"name": "ready"})
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _client(served: Served, access: Access) -> httpx.Client:
    return httpx.Client(base_url=served.url, headers=access.as_program, timeout=60)
