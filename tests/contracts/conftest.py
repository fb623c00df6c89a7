"""One event store per test, from every engine that this machine can run."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pulseboard.store import Store
from pulseboard.store.chdb import Budget, open_chdb

Opener = Callable[..., Store]


def clock() -> datetime:
    return datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def _open_embedded(folder: Path, **budget: float) -> Store:
    return open_chdb(folder / "events", clock, Budget(**budget))  # type: ignore[arg-type]


ENGINES: dict[str, Opener] = {"chdb": _open_embedded}


@pytest.fixture(params=sorted(ENGINES))
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the engine's store with a budget of one's own; it is closed after the test."""
    opened: list[Store] = []

    def opener(**budget: float) -> Store:
        opened.append(ENGINES[request.param](tmp_path, **budget))
        return opened[-1]

    yield opener
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Opener) -> Store:
    return open_store()
