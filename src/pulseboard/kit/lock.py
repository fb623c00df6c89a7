"""One process per data folder: an advisory lock that the kernel lets go of when the process ends, however it ends."""

import fcntl
import os
from pathlib import Path


class FolderInUse(Exception):
    """Another process holds the folder; the message names it."""


class FolderLock:
    """Holds ``<folder>/lock`` until ``release`` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise FolderInUse(f"the data folder {folder} is in use by process {holder}; stop that one first") from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()
