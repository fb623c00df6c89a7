"""``pulseboard doctor``: looks at everything that a start needs and says what to do about what is wrong."""

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pulseboard.kit.lock import FolderInUse, FolderLock
from pulseboard.settings import Settings, SettingsError

LOW_DISK = 2 * 1024**3  # bytes; merges of the event store need room
MIN_SQLITE = (3, 35, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One looked-at thing. ``fix`` says what to do when it is not ``good``."""

    name: str
    good: bool
    detail: str
    fix: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at the machine, the data folder and the build; changes nothing but the data folder's lock, for a moment."""
    folder = settings.server.data_dir
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        _sqlite,
        _engine,
        lambda: _folder(folder),
        lambda: _disk(folder),
        lambda: _lock(folder),
        lambda: _secrets(folder),
        _dashboard,
        lambda: _places(settings.geo_database),
    )
    for check in checks:
        yield check()
    if settings.redis_url:
        yield _redis(settings.redis_url)


def _python() -> Finding:
    return Finding("Python", True, platform.python_version())


def _sqlite() -> Finding:
    good = sqlite3.sqlite_version_info >= MIN_SQLITE
    return Finding("SQLite", good, sqlite3.sqlite_version, "use a Python that brings SQLite 3.35 or newer")


def _engine() -> Finding:
    try:
        from pulseboard.store.driver import engine_version

        return Finding("Event store engine", True, str(engine_version))
    except (ImportError, OSError) as wrong:
        return Finding("Event store engine", False, str(wrong), "install again: make clean run")


def _folder(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding("Data folder", False, f"{there} cannot be written to", "mend its mode, or choose another folder")
    if not folder.exists():
        return Finding("Data folder", True, f"{folder} does not exist yet; the first start makes it")
    mode = folder.stat().st_mode & 0o777
    private = not mode & 0o077
    return Finding("Data folder", private, f"{folder}, mode {mode:o}", f"others can look inside: chmod 700 {folder}")


def _disk(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    return Finding(
        "Free disk", free > LOW_DISK, f"{free / 1024**3:.1f} GiB", "free some space, or move the data folder"
    )


def _lock(folder: Path) -> Finding:
    if not folder.exists():
        return Finding("Other process", True, "none")
    try:
        FolderLock(folder).release()
    except FolderInUse as held:
        return Finding("Other process", True, f"a server runs: {held}")
    return Finding("Other process", True, "none")


def _secrets(folder: Path) -> Finding:
    path = folder / "secrets.json"
    if not path.exists():
        return Finding("Secrets", True, "made at the first start")
    mode = path.stat().st_mode & 0o777
    return Finding("Secrets", mode == 0o600, f"mode {mode:o}", f"others can read them: chmod 600 {path}")


def _dashboard() -> Finding:
    built = (files("pulseboard.web") / "static" / "index.html").is_file()
    return Finding("Dashboard", built, "built" if built else "not built", "run: make dashboard")


def _places(database: Path | None) -> Finding:
    from pulseboard.writer.enrich.geo import age_of_places

    try:
        found = age_of_places(database)
    except SettingsError as wrong:
        return Finding("Places", False, str(wrong), "name a file that is there, or leave the setting out")
    return Finding("Places", True, found or "none, so that countries and cities stay empty: make places")


def _redis(url: str) -> Finding:
    from pulseboard.db import redis_version

    try:
        return Finding("Redis", True, redis_version(url))
    except ConnectionError as wrong:
        fix = "start it, or mend PULSEBOARD_REDIS_URL; until then every look-up goes to the database"
        return Finding("Redis", False, str(wrong), fix)
