"""One server for all tests of this room, and the cast."""

from collections.abc import Iterator

import pytest
from tests.control.cast import App, Person, sign_up, start_app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made, stop = start_app(tmp_path_factory.mktemp("arrivals"))
    yield made
    stop()


@pytest.fixture
def alice(app: App) -> Person:
    return sign_up(app, "alice")


@pytest.fixture
def bob(app: App) -> Person:
    return sign_up(app, "bob")


@pytest.fixture
def charlie(app: App) -> Person:
    return sign_up(app, "charlie")
