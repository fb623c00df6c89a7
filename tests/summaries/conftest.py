"""One store for the tests of a file; every test has a project of its own in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.summaries.world import World

from pulseboard.kit.clock import system_clock
from pulseboard.store import Store
from pulseboard.store.chdb import open_chdb


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("events"), system_clock)
    yield store
    store.close()


@pytest.fixture
def world(tmp_path: Path, store: Store) -> Iterator[World]:
    world = World(tmp_path, store)
    yield world
    world.close()
