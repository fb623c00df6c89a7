"""One store and one control database for the tests of a file; every test has a project of its own in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.insights.reading import NOON

from pulseboard.db import Database, migrate
from pulseboard.orgs import make_org
from pulseboard.projects.service import insert_project
from pulseboard.store import Store
from pulseboard.store.chdb import open_chdb


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_chdb(tmp_path_factory.mktemp("events"), lambda: NOON)
    yield store
    store.close()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("control")
    url = f"sqlite:///{folder / 'control.db'}"
    migrate(url)
    db = Database(url)
    yield db
    db.close()


@pytest.fixture(scope="module")
def new_project(db: Database) -> Callable[[], str]:
    """Makes a project, and says its id."""

    def make() -> str:
        with db.write() as session:
            org = make_org(session, "Acme", NOON)
            session.flush()
            return insert_project(session, org.id, "shop", NOON).id

    return make
