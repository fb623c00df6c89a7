"""What the load generators send, and how: ``wrk`` where it is on PATH, else ``bench.load``, which takes a core."""

import itertools
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import load

PERSONS = 10_000
SINGLE, BATCH = "/ingest/event", "/ingest/batch"
FRESH = "@fresh@"  # the generator writes a new id in its place
_LUA = Path(__file__).with_name("requests.lua")
RESTING = 64  # connections of a steady load
_VARIETY = 500  # different bodies that a generator goes round


@dataclass(frozen=True)
class Driven:
    """What a closed load achieved: good answers per second, and how many there were of good and bad."""

    rate: float
    good: int
    bad: int


@dataclass(frozen=True)
class Steady:
    """A rate that was held, and how long answers took, in seconds."""

    rate: float
    median: float
    p99: float


def event(dice: random.Random, *, own_id: bool = False) -> dict[str, object]:
    """An event as a shop's back end would send it."""
    body: dict[str, object] = {
        "name": dice.choice(("checkout completed", "cart opened", "invoice paid", "seat added")),
        "type": "CUSTOM",
        "userId": f"user-{dice.randrange(PERSONS)}",
        "properties": {"plan": "pro", "amount": 49.9, "currency": "EUR", "seats": 5},
    }
    return {"id": FRESH, **body} if own_id else body


def singles(*, own_ids: bool = False) -> list[str]:
    """Bodies for the door of single events."""
    dice = random.Random(1)
    return [json.dumps(event(dice, own_id=own_ids)) for _ in range(_VARIETY)]


def batches(size: int) -> list[str]:
    """Bodies for the door of batches, ``size`` events each."""
    dice = random.Random(size)
    return [json.dumps({"events": [event(dice) for _ in range(size)]}) for _ in range(max(5, _VARIETY // size))]


def generator() -> str:
    """The name of the load generator in use."""
    return "wrk" if shutil.which("wrk") else "bench/load.py"


def drive(port: int, path: str, key: str, bodies: list[str], connections: int, seconds: float) -> Driven:
    """Keeps ``connections`` busy with ``bodies`` for ``seconds``."""
    if shutil.which("wrk"):
        said = _wrk(port, path, key, bodies, connections, seconds)
        total = int(_number(r"(\d+) requests in", said))
        bad = int(_number(r"Non-2xx or 3xx responses: (\d+)", said))
        rate = _number(r"Requests/sec:\s+([\d.]+)", said)
        return Driven(rate * (total - bad) / max(total, 1), total - bad, bad)
    requests = _requests(path, key, bodies)
    result = load.closed(("127.0.0.1", port), requests, connections, seconds)
    good = sum(count for status, count in result.statuses.items() if status.startswith("2"))
    return Driven(result.rate, good, sum(result.statuses.values()) - good)


def steady(port: int, key: str, per_second: float, seconds: float) -> Steady:
    """Single events at about that rate: many connections, each of which rests between its requests."""
    if shutil.which("wrk"):
        pause = 1000 * RESTING / per_second - 1  # an answer takes about a millisecond
        said = _wrk(port, SINGLE, key, singles(), RESTING, seconds, pause)
        return Steady(_number(r"Requests/sec:\s+([\d.]+)", said), _seconds("50%", said), _seconds("99%", said))
    result = load.paced(("127.0.0.1", port), _requests(SINGLE, key, singles()), RESTING, seconds, per_second)
    return Steady(result.rate, result.percentile(0.5), result.percentile(0.99))


def _requests(path: str, key: str, bodies: list[str]) -> "itertools.chain[bytes]":
    rounds = (
        [body.replace(FRESH, f"{os.getpid()}-{n}-{i}") for i, body in enumerate(bodies)] for n in itertools.count()
    )
    return itertools.chain.from_iterable(
        (load.post(path, body.encode(), {"x-api-key": key}) for body in bodies) for bodies in rounds
    )


def _wrk(port: int, path: str, key: str, bodies: list[str], connections: int, seconds: float, pause: float = 0) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(bodies))
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "-s", str(_LUA)]
        own = {"PATH": path, "KEY": key, "BODIES": file.name, "FRESH": FRESH, "PAUSE": str(max(0.0, pause))}
        environ = os.environ | {f"BENCH_{name}": value for name, value in own.items()}
        address = f"http://127.0.0.1:{port}/"
        return subprocess.run([*command, address], env=environ, capture_output=True, text=True, check=True).stdout


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def _seconds(share: str, text: str) -> float:
    """A percentile of wrk's latency distribution."""
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\s", text)
    return float(found[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[found[2]] if found else 0.0
