"""Small disks that are really there: filled, emptied and torn away under a running server."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MIB = 1024**2


@dataclass(frozen=True)
class Disk:
    """A mounted file system of a few megabytes."""

    path: Path

    def fill(self) -> None:
        """Takes every byte that is left, down to the last page."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (MIB, 4096):
                try:
                    while ballast.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._ballast.unlink()

    def tear_away(self) -> None:
        """Makes the disk read only under whoever writes to it, as the kernel does after a fault of the device."""
        _run("mount", "-o", "remount,abort", str(self.path))

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"


@contextmanager
def memory_disk(path: Path, megabytes: int) -> Iterator[Disk]:
    """A disk in memory, mounted at ``path``; skips the test where nothing can be mounted."""
    path.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path))
    try:
        yield Disk(path)
    finally:
        _run("umount", "--lazy", str(path))


@contextmanager
def real_disk(path: Path, megabytes: int) -> Iterator[Disk]:
    """A disk with a journal in a file, mounted at ``path``; what it holds stays when it is mounted again."""
    image = path.with_suffix(".img")
    path.mkdir(parents=True, exist_ok=True)
    if not image.exists():
        with image.open("wb") as file:
            os.truncate(file.fileno(), megabytes * MIB)
        if not _run("mkfs.ext4", "-q", "-F", str(image)):
            pytest.skip("no mkfs.ext4 here")
    _mount("-o", "loop", str(image), str(path))
    try:
        yield Disk(path)
    finally:
        _run("umount", str(path))
        _run("e2fsck", "-p", str(image))


def _mount(*how: str) -> None:
    if os.geteuid() != 0 or not _run("mount", *how):
        pytest.skip("mounting a disk needs root, and a kernel that lets it")


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode in (0, 1)
    except FileNotFoundError:
        return False
