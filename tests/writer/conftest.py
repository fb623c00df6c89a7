"""A store for all tests of the writer, and a pipeline of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.writer.pipeline import NOON, Pipeline

from pulseboard.store import Store
from pulseboard.store.chdb import open_chdb


@pytest.fixture(scope="module")  # a process can have one embedded store open at a time
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("store"), lambda: NOON)
    yield store
    store.close()


@pytest.fixture
def pipeline(tmp_path: Path, store: Store) -> Iterator[Pipeline]:
    pipeline = Pipeline(tmp_path, store)
    yield pipeline
    pipeline.close()
