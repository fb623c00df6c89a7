"""Measures Pulseboard on this machine and prints the table of docs/benchmarks.md. It never fails by time."""

import argparse
import os
import platform
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from bench import control, ingestion, memory, reading, traffic
from bench.engine import OTHERS
from bench.engine_calls import engine
from bench.ingestion import Effort
from bench.served import Access, Served, serving, set_up
from bench.table import Line, markdown

ALL = ("memory", "single", "batch", "half", "flat", "reads", "growth", "control", "large")
GROWTH_BAR = 1.5
LARGE_BAR = 3.0
err = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Plan:
    """What to measure, and how large."""

    only: tuple[str, ...]
    effort: Effort
    project: int  # events of the project that is read
    others: int  # events of other projects that come into its store
    large: int  # events of a project that grew
    stream: int  # events that pass through while memory is watched
    data: Path | None  # where what is read is kept, so that it need not be made again


def main() -> None:
    """Runs what was asked for, and prints the table."""
    plan = _plan()
    began = time.perf_counter()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="pulseboard-bench-") as folder:
        made = plan.data or Path(folder)
        made.mkdir(parents=True, exist_ok=True)
        if {"memory", "single", "batch", "half", "flat"} & set(plan.only):
            lines += _ingestion(Path(folder), plan)
        if {"reads", "growth", "large"} & set(plan.only):
            lines += _reading(made, plan)
        if "control" in plan.only:
            err.print("ten thousand organisations ...")
            lines += control.lines(Path(folder) / "control")
    print(
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {traffic.generator()}, ",
        end="",
    )
    print(f"{time.strftime('%Y-%m-%d')}, {time.perf_counter() - began:.0f} s, load {os.getloadavg()[2]:.1f}\n")
    print(markdown(lines))


def _plan() -> Plan:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the events, a round of one second")
    options.add_argument(
        "--full",
        action="store_true",
        help="100 M events in the store, and in one project (40 GB of disk)",
    )
    options.add_argument("--only", nargs="+", choices=ALL, default=ALL)
    options.add_argument("--project", type=int, help="events of the project that is read")
    options.add_argument("--others", type=int, help="events of other projects beside it")
    options.add_argument("--data", type=Path, help="keep what is read in this folder for today's next runs")
    options.add_argument("--seconds", type=float, help="length of one load")
    options.add_argument("--rounds", type=int, help="loads of a kind; the table has their median")
    chosen = options.parse_args()
    project = chosen.project or (1_000_000 if chosen.quick else 10_000_000)
    return Plan(
        tuple(chosen.only),
        Effort(
            chosen.seconds or (1 if chosen.quick else 4),
            chosen.rounds or (1 if chosen.quick else 3),
            40_000 if chosen.quick else 200_000,
        ),
        project,
        chosen.others or (90_000_000 if chosen.full else project),
        100_000_000 if chosen.full else 2 * project,
        500_000 if chosen.quick else 5_000_000,
        chosen.data,
    )


def _ingestion(folder: Path, plan: Plan) -> list[Line]:
    lines: list[Line] = []
    with serving(folder / "load") as served:
        access = set_up(served)
        if "memory" in plan.only:
            lines.append(memory.at_rest(served))
        if {"single", "batch", "half"} & set(plan.only):
            err.print("warming up ...")
            ingestion.warm_up(served, access)
        lines += _loads(served, access, folder, plan)
        if "flat" in plan.only:
            err.print(f"a stream of {plan.stream:,} events ...")
            lines.append(memory.under_way(served, access, plan.stream))
    return lines


def _loads(served: Served, access: Access, folder: Path, plan: Plan) -> list[Line]:
    lines: list[Line] = []
    top = 0.0
    if {"single", "half"} & set(plan.only):
        err.print("single events ...")
        found, top = ingestion.single_events(served, access, plan.effort)
        lines += found
    if "half" in plan.only:
        err.print("half of the top rate ...")
        lines += ingestion.at_half_rate(served, access, top, 2 * plan.effort.seconds)
    if "batch" in plan.only:
        err.print("batches ...")
        lines += ingestion.batches(served, access, plan.effort, folder / "engine")
    return lines


def _reading(folder: Path, plan: Plan) -> list[Line]:
    data = folder / "reads"
    project = _filled(data, plan.project)
    before, hand = reading.in_turns(data, project)
    lines = reading.lines(before, hand, f"{_millions(plan.project)} events")
    if "growth" in plan.only:
        grown = folder / "grown"
        after = reading.over_http(grown, _filled(grown, plan.project, plan.others))
        size = f"beside {_millions(plan.others)} of {OTHERS} projects"
        lines += reading.growth_lines(before, after, size, GROWTH_BAR)
    if "large" in plan.only:
        large = folder / "large"
        after = reading.over_http(large, _filled(large, plan.large))
        lines += reading.growth_lines(before, after, f"{_millions(plan.large)} events", LARGE_BAR)
    return lines


def _filled(data: Path, events: int, others: int = 0) -> str:
    """A data folder with a project of so many events, beside those of others; the id of the project."""
    done = data / "bench.json"
    if done.exists():
        size, project = msgspec.json.decode(done.read_bytes(), type=tuple[tuple[int, int], str])
        if size == (events, others):
            return project
        raise SystemExit(f"{data} holds another number of events; remove it")
    with serving(data) as served:
        project = set_up(served).project_id
    err.print(f"making {events:,} events, and {others:,} of other projects ...")
    engine("fill", data / "events", project, events=events)
    if others:
        engine("others", data / "events", project, events=others)
    done.write_bytes(msgspec.json.encode(((events, others), project)))
    return project


def _millions(events: int) -> str:
    return f"{events / 1_000_000:g} M"


if __name__ == "__main__":
    main()
