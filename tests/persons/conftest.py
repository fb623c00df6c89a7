"""One installation for the tests of a file; every test has a project of its own in it."""

from collections.abc import Iterator

import pytest
from tests.persons.house import NOON, House, Shop, opened


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def house(shared_house: House) -> House:
    shared_house.now = NOON
    return shared_house


@pytest.fixture
def shop(house: House) -> Shop:
    return house.project()
