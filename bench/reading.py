"""Numbers out: what a dashboard asks, over HTTP, in the process, and of the engine itself."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from bench.engine import median
from bench.engine_calls import engine
from bench.served import Access, serving
from bench.table import Line, times

HTTP_BAR = 50  # ms
SQL_BAR = 1.3
GROWTH_BAR = 1.5
READS = {
    "overview": ("/api/v1/metrics/overview", {"range": "30d"}),
    "series": ("/api/v1/metrics/events/timeseries", {"range": "30d", "interval": "day"}),
}
NAMES = {"overview": "overview with exact uniques, 30 days", "series": "daily series, 30 days"}


@dataclass(frozen=True)
class Times:
    """Milliseconds by read: over HTTP, by the functions alone, and by the best SQL written by hand."""

    http: dict[str, float]
    function: dict[str, float]
    sql: dict[str, float]


def measure(folder: Path, access: Access) -> Times:
    """Reads of the project in the data folder, whose server must not run."""
    alone = engine("reads", folder / "events", access.project_id)
    with serving(folder) as served, httpx.Client(base_url=served.url, headers=access.as_program, timeout=120) as client:
        http = {name: median(partial(_get, client, *asked)) for name, asked in READS.items()}
    return Times(http, {name: alone[name] for name in READS}, {name: alone[f"{name}_sql"] for name in READS})


def _get(client: httpx.Client, path: str, params: dict[str, str]) -> None:
    client.get(path, params=params).raise_for_status()


def lines(found: Times, size: str) -> list[Line]:
    """Two lines a read: over HTTP against the clock, and the functions alone against hand-written SQL."""
    made = []
    for name in READS:
        http, function, sql = found.http[name], found.function[name], found.sql[name]
        by_hand = f"{sql:.1f} ms by hand"
        made += [
            Line(
                f"{NAMES[name]}, {size}, over HTTP", f"{http:.1f} ms", by_hand, times(http, sql), "< 50 ms", http < 50
            ),
            Line(
                "  in the process",
                f"{function:.1f} ms",
                by_hand,
                times(function, sql),
                "<= 1.3 x",
                function <= SQL_BAR * sql,
            ),
        ]
    return made


def growth_lines(before: Times, after: Times, size: str) -> list[Line]:
    """The same reads of the same project after others' events came into the store."""
    return [
        Line(
            f"{NAMES[name]}, {size}, over HTTP",
            f"{after.http[name]:.1f} ms",
            f"{before.http[name]:.1f} ms without them",
            times(after.http[name], before.http[name]),
            "<= 1.5 x",
            after.http[name] <= GROWTH_BAR * before.http[name],
        )
        for name in READS
    ]
