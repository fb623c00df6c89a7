"""What the installation holds and how it does."""

import os
import shutil
from pathlib import Path

from pulseboard.kit.wire import Out, Timestamp

OTHER = "other"
_PARTS = frozenset({"control", "counted", "events", "jobs", "ledger", "salts", "spool", "summaries"})


class DiskPart(Out):
    name: str
    bytes: int


class DiskOut(Out):
    """``parts`` are those of the data folder; ``free`` is what its disk has left, in bytes."""

    free: int
    total: int
    parts: list[DiskPart]


class SpoolOut(Out):
    events: int
    bytes: int
    lag_seconds: float


class StatsOut(Out):
    """``orgs`` are those that live, Pulseboard's own not among them; ``users`` also those that are disabled."""

    version: str
    up_since: Timestamp
    orgs: int
    disabled_orgs: int
    projects: int
    users: int
    active_users: int
    superadmins: int
    open_sessions: int
    events: int
    spool: SpoolOut
    dead_letters: int
    letters: dict[str, int]
    disk: DiskOut
    jobs_failed: list[str]


def disk_of(folder: Path) -> DiskOut:
    """Sizes of the data folder's parts, the largest first."""
    sizes: dict[str, int] = {}
    for entry in os.scandir(folder):
        name = entry.name.partition(".")[0]
        part = name if name in _PARTS else OTHER
        sizes[part] = sizes.get(part, 0) + _bytes(Path(entry.path))
    parts = [DiskPart(name, size) for name, size in sorted(sizes.items(), key=lambda each: -each[1])]
    usage = shutil.disk_usage(folder)
    return DiskOut(free=usage.free, total=usage.total, parts=parts)


def _bytes(path: Path) -> int:
    """Of a file, or of everything below a folder; what goes away meanwhile is nothing. Linked files count once."""
    if not path.is_dir():
        return _size(path)[1]
    found = (_size(Path(where) / name) for where, _, names in os.walk(path) for name in names)
    return sum(dict(found).values())


def _size(path: Path) -> tuple[int, int]:
    try:
        stat = path.lstat()
        return stat.st_ino, stat.st_size
    except OSError:
        return 0, 0
