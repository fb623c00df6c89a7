"""What this process may use of the machine that it runs on."""

import os
from pathlib import Path

_CONTAINER = Path("/sys/fs/cgroup/memory.max")  # https://docs.kernel.org/admin-guide/cgroup-v2.html


def memory() -> int:
    """Bytes of the machine's memory, or of what its container leaves of it."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(whole, int(_CONTAINER.read_text("ascii")))
    except (OSError, ValueError):  # there is no container, or it has no bound, which is written as a word
        return whole
