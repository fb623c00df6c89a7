"""What the process takes of the machine's memory: at rest, and while millions of events pass through."""

import time
from pathlib import Path

from bench import traffic
from bench.ingestion import settle
from bench.served import Access, Served
from bench.table import Line, times

IDLE = 3.0  # seconds to come to rest
IDLE_BAR = 450  # MB
GROWTH_BAR = 1.1
BATCH = 1_000
CONNECTIONS = 8
PIECES = 10  # of the stream; memory is looked at after each


def at_rest(served: Served) -> Line:
    """Every role in one process that nobody uses."""
    time.sleep(IDLE)
    megabytes = resident(served)
    return Line(
        "idle memory, every role in one process", f"{megabytes} MB", bar=f"< {IDLE_BAR} MB", met=megabytes < IDLE_BAR
    )


def under_way(served: Served, access: Access, events: int) -> Line:
    """The last tenth of a stream of events against the first: what is kept for each event would show."""
    sizes: list[int] = []
    sent = 0
    while len(sizes) < PIECES:
        while sent < events * (len(sizes) + 1) / PIECES:
            sent += (
                BATCH
                * traffic.drive(served.port, traffic.BATCH, access.key, traffic.batches(BATCH), CONNECTIONS, 2).good
            )
        settle(served)
        sizes.append(resident(served))
    growth = sizes[-1] / sizes[0]
    work = f"memory after {sent / 1e6:.1f} M events in batches of {BATCH:,}"
    against = f"{sizes[0]} MB after the first tenth, {max(sizes)} MB at most"
    return Line(
        work, f"{sizes[-1]} MB", against, times(sizes[-1], sizes[0]), f"<= {GROWTH_BAR} x", growth <= GROWTH_BAR
    )


def resident(served: Served) -> int:
    """MB of the process in memory."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))
