"""One store for the tests of a file; every test has a project of its own in it."""

from collections.abc import Iterator

import pytest
from tests.insights.reading import NOON, Reader

from pulseboard.kit.ids import new_id
from pulseboard.store import Store
from pulseboard.store.chdb import open_chdb


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("events"), lambda: NOON)
    yield store
    store.close()


@pytest.fixture(scope="module")
def shared_reader(store: Store) -> Reader:
    return Reader(store)


@pytest.fixture
def reader(shared_reader: Reader) -> Reader:
    shared_reader.now, shared_reader.timezone = NOON, "UTC"
    return shared_reader


@pytest.fixture
def project() -> str:
    return new_id()
