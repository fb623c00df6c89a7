"""What the engine does by itself, in a process of its own: the figures that ours are held against.

``python -m bench.engine fill|insert|reads --folder DIR ...`` prints one line of JSON.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from bench import traffic
from pulseboard.demo.fill import fill
from pulseboard.ingest.doors import event as door
from pulseboard.ingest.raw import RawEvent, bounds_at, canonical
from pulseboard.insights import run
from pulseboard.insights.query import Period, Query
from pulseboard.kit.clock import system_clock
from pulseboard.kit.periods import DAY
from pulseboard.store import ProjectScope, Store
from pulseboard.store.base import Param
from pulseboard.store.chdb import open_chdb
from pulseboard.writer.columns import Row, row_of

DAYS = timedelta(days=30)
ROUNDS = 15

_METRICS = "count() AS events, sum(is_error) AS errors"
_WHERE = """project_id = {project:UUID}
    AND timestamp >= {since:DateTime64(3, 'UTC')} AND timestamp < {until:DateTime64(3, 'UTC')}"""
OVERVIEW_BY_ROWS = f"""
SELECT {_METRICS}, groupBitmapIf(person, person != 0) AS users, groupBitmapIf(session, session != 0) AS sessions
FROM events WHERE {_WHERE}
"""
_STATES = (
    f"{_METRICS}, groupBitmapIfState(person, person != 0) AS users,"
    " groupBitmapIfState(session, session != 0) AS sessions"
)
OVERVIEW_BY_DAYS = f"""
SELECT sum(events), sum(errors), groupBitmapIfMerge(users), groupBitmapIfMerge(sessions) FROM
(
    SELECT {_STATES} FROM events
    WHERE project_id = {{project:UUID}} AND toDate(timestamp) > {{first:Date}} AND toDate(timestamp) < {{last:Date}}
    GROUP BY toDate(timestamp)
    UNION ALL
    SELECT {_STATES} FROM events WHERE {_WHERE} AND toDate(timestamp) = {{first:Date}}
    UNION ALL
    SELECT {_STATES} FROM events WHERE {_WHERE} AND toDate(timestamp) = {{last:Date}}
)
"""
SERIES_BY_ROWS = (
    f"SELECT toDate(timestamp) AS day, count() AS events FROM events WHERE {_WHERE} GROUP BY day ORDER BY day"
)
SERIES_BY_DAYS = f"""
SELECT day, sum(events) FROM
(
    SELECT toDate(timestamp) AS day, count() AS events FROM events
    WHERE project_id = {{project:UUID}} AND toDate(timestamp) > {{first:Date}} AND toDate(timestamp) < {{last:Date}}
    GROUP BY toDate(timestamp)
    UNION ALL
    SELECT {{first:Date}} AS day, count() FROM events WHERE {_WHERE} AND toDate(timestamp) = {{first:Date}}
    UNION ALL
    SELECT {{last:Date}} AS day, count() FROM events WHERE {_WHERE} AND toDate(timestamp) = {{last:Date}}
)
GROUP BY day ORDER BY day
"""


def fill_project(store: Store, project_id: str, events: int) -> dict[str, float]:
    """A made-up month, merged as a running server would have merged it by the end of that month."""
    began = time.perf_counter()
    fill(store, project_id, events, 1, system_clock)
    filled = time.perf_counter()
    store.command("OPTIMIZE TABLE events FINAL")
    return {"events": events, "fill": filled - began, "merge": time.perf_counter() - filled}


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
    """Median milliseconds of our reads without HTTP, and of the best SQL that a person would write."""
    scope = ProjectScope(project_id)
    now = datetime.now(UTC)
    query = Query(scope=scope, metrics=("events", "errors", "users", "sessions"), period=Period(now - DAYS, now))
    series = Query(scope=scope, metrics=("events",), period=query.period, grain="day")
    params: dict[str, Param] = {"project": project_id, "since": now - DAYS, "until": now}
    params |= {"first": _day(now - DAYS), "last": _day(now)}

    def asked(sql: str) -> float:
        return median(lambda: store.read(sql, {k: v for k, v in params.items() if f"{{{k}:" in sql}, scope))

    return {
        "overview": median(lambda: run.totals(store, query)),
        "overview_compared": median(lambda: run.compared(store, query)),
        "overview_sql": min(asked(OVERVIEW_BY_ROWS), asked(OVERVIEW_BY_DAYS)),
        "series": median(lambda: run.chart(store, series)),
        "series_sql": min(asked(SERIES_BY_ROWS), asked(SERIES_BY_DAYS)),
    }


def median(question: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median milliseconds of a question, asked once before it counts."""
    question()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        question()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _day(moment: datetime) -> str:
    day: date = moment.date()
    return day.isoformat()


def main() -> None:
    """One task a process: the engine lets one process own a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("task", choices=("fill", "insert", "reads"))
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--project", required=True)
    options.add_argument("--events", type=int, default=0)
    options.add_argument("--batch", type=int, default=20_000)
    chosen = options.parse_args()
    store = open_chdb(chosen.folder, system_clock)
    try:
        if chosen.task == "fill":
            said = fill_project(store, chosen.project, chosen.events)
        elif chosen.task == "insert":
            said = insert_rows(store, chosen.project, chosen.events, chosen.batch)
        else:
            said = read_times(store, chosen.project)
    finally:
        store.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
