"""Kills the server for as long as you like: ``python -m tests.crash.long --kills 100 [--seed N] [--clients 6]``."""

import argparse
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from tests.crash.kills import run


def main() -> None:
    """Prints the report; the exit status is 1 when a promise was broken, and then the data folder stays."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--clients", type=int, default=6)
    options.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pulseboard-crash-"))
    report = run(folder / "data", kills=chosen.kills, seed=chosen.seed, clients=chosen.clients)
    print(report)
    if not report.kept:
        print(f"the data folder is kept: {folder}")
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
