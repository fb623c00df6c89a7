"""Runs ``bench.engine`` in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path


def engine(task: str, folder: Path, project_id: str, *, events: int = 0, batch: int = 20_000) -> dict[str, float]:
    """What the task printed.

    Raises:
        RuntimeError: it failed; the message has the end of what it wrote.
    """
    command = [sys.executable, "-m", "bench.engine", task, "--folder", str(folder), "--project", project_id]
    done = subprocess.run(
        [*command, "--events", str(events), "--batch", str(batch)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{task} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
