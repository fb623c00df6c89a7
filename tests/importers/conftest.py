"""A store for each file of tests: a process holds one at a time, so it is closed before the next file opens its own."""

from collections.abc import Iterator

import pytest

from pulseboard.kit.clock import system_clock
from pulseboard.store import Store
from pulseboard.store.chdb import open_chdb


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("store"), system_clock)
    yield store
    store.close()
