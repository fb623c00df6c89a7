"""What the engine does by itself, in a process of its own: the figures that ours are held against.

``python -m bench.engine fill|others|insert|reads --folder DIR ...`` prints one line of JSON.
"""

import argparse
import json
import random
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench import traffic
from bench.questions import QUESTIONS, Question
from pulseboard.demo.fill import fill
from pulseboard.ingest.doors import event as door
from pulseboard.ingest.raw import RawEvent, bounds_at, canonical
from pulseboard.kit.clock import system_clock
from pulseboard.kit.periods import DAY
from pulseboard.store import PlatformScope, ProjectScope, Store
from pulseboard.store.base import Param
from pulseboard.store.chdb import open_chdb
from pulseboard.store.events import keep_sums
from pulseboard.writer.columns import Row, row_of

ROUNDS, FEWEST_ROUNDS = 15, 3
LONG = 5_000  # milliseconds
_PARTS = "SELECT count() AS parts FROM system.parts WHERE active AND table = 'events' GROUP BY partition"
OTHERS = 49  # projects that share the store


def fill_project(store: Store, project_id: str, events: int) -> dict[str, float]:
    """A made-up month, merged as a running server would have merged it by the end of that month."""
    began = time.perf_counter()
    fill(store, project_id, events, 1, system_clock)
    filled = time.perf_counter()
    merge(store)
    return {"events": events, "fill": filled - began, "merge": time.perf_counter() - filled}


def fill_others(store: Store, events: int) -> dict[str, float]:
    """As many events of ``OTHERS`` other projects together, merged as they would be."""
    began = time.perf_counter()
    for seed in range(OTHERS):
        fill(store, str(uuid.uuid4()), events // OTHERS, seed + 2, system_clock)
    merge(store)
    return {"events": events, "fill": time.perf_counter() - began}


def merge(store: Store) -> None:
    """One part a month. The engine leaves a month out in silence while it merges some of it by itself."""
    keep_sums(store)
    while any(row["parts"] > 1 for row in store.read(_PARTS, {}, PlatformScope())):
        store.command("OPTIMIZE TABLE events FINAL")


def insert_rows(store: Store, project_id: str, rows: int, batch: int) -> dict[str, float]:
    """Rows per second of the engine's own insert, durable on return, ``batch`` rows at a time."""
    dice = random.Random(batch)
    bodies = [json.dumps(traffic.event(dice)).encode() for _ in range(batch)]
    encoder = msgspec.json.Encoder()
    received = int(time.time() * 1000)
    lines = [
        encoder.encode_lines([_row(project_id, received, body) for body in bodies])
        for _ in range(max(1, rows // batch))
    ]
    began = time.perf_counter()
    for each in lines:
        store.insert("events", each)
    return {"rows_per_second": len(lines) * batch / (time.perf_counter() - began)}


def _row(project_id: str, received: int, body: bytes) -> Row:
    (raw,) = door.parse(body).raws
    assert isinstance(raw, RawEvent)
    event = canonical(raw, received, bounds_at(received, DAY))
    return row_of(project_id, received, event, event.properties)


def read_times(store: Store, project_id: str) -> dict[str, float]:
    """Median milliseconds of the best SQL that a person would write for each question."""
    now = datetime.now(UTC)
    return {question.name: _best(store, project_id, question, now) for question in QUESTIONS}


def _best(store: Store, project_id: str, question: Question, now: datetime) -> float:
    since, earlier = now - timedelta(days=question.days), now - timedelta(days=2 * question.days)
    params: dict[str, Param] = {"project": project_id, "earlier": earlier, "since": since, "until": now}
    days = {"before": earlier, "first": since, "last": now}
    params |= {name: day.date().isoformat() for name, day in days.items()}

    def asked(sql: str) -> float:
        used = {name: value for name, value in params.items() if f"{{{name}:" in sql}
        return median(lambda: store.read(sql, used, ProjectScope(project_id)))

    return min(asked(sql) for sql in question.by_hand)


def median(question: Callable[[], object]) -> float:
    """Median milliseconds of a question, asked once before it counts; fewer times if each takes long."""
    question()
    took: list[float] = []
    while len(took) < ROUNDS and (len(took) < FEWEST_ROUNDS or sum(took) < LONG):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """One task a process: the engine lets one process own a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("task", choices=("fill", "others", "insert", "reads"))
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--project", required=True)
    options.add_argument("--events", type=int, default=0)
    options.add_argument("--batch", type=int, default=20_000)
    chosen = options.parse_args()
    store = open_chdb(chosen.folder, system_clock)
    try:
        if chosen.task == "fill":
            said = fill_project(store, chosen.project, chosen.events)
        elif chosen.task == "others":
            said = fill_others(store, chosen.events)
        elif chosen.task == "insert":
            said = insert_rows(store, chosen.project, chosen.events, chosen.batch)
        else:
            said = read_times(store, chosen.project)
    finally:
        store.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
