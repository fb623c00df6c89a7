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
_VARIETY = 500  # different bodies that a generator goes round


@dataclass(frozen=True)
class Driven:
    """What a closed load achieved: good answers per second, and how many there were of good and bad."""

    rate: float
    good: int
    bad: int


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
        return _wrk(port, path, key, bodies, connections, seconds)
    requests = _requests(path, key, bodies)
    result = load.closed(("127.0.0.1", port), requests, connections, seconds)
    good = sum(count for status, count in result.statuses.items() if status.startswith("2"))
    return Driven(result.rate, good, sum(result.statuses.values()) - good)


def paced(port: int, key: str, per_second: float, seconds: float, connections: int) -> load.Result:
    """Single events at a fixed rate."""
    return load.paced(("127.0.0.1", port), _requests(SINGLE, key, singles()), connections, seconds, per_second)


def _requests(path: str, key: str, bodies: list[str]) -> "itertools.chain[bytes]":
    rounds = (
        [body.replace(FRESH, f"{os.getpid()}-{n}-{i}") for i, body in enumerate(bodies)] for n in itertools.count()
    )
    return itertools.chain.from_iterable(
        (load.post(path, body.encode(), {"x-api-key": key}) for body in bodies) for bodies in rounds
    )


def _wrk(port: int, path: str, key: str, bodies: list[str], connections: int, seconds: float) -> Driven:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(bodies))
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(_LUA), f"http://127.0.0.1:{port}/"]
        environ = os.environ | {"BENCH_PATH": path, "BENCH_KEY": key, "BENCH_BODIES": file.name, "BENCH_FRESH": FRESH}
        said = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
    total = int(_number(r"(\d+) requests in", said))
    bad = int(_number(r"Non-2xx or 3xx responses: (\d+)", said))
    rate = _number(r"Requests/sec:\s+([\d.]+)", said)
    return Driven(rate * (total - bad) / max(total, 1), total - bad, bad)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0
