"""One server whose clock is moved by hand, and the cast: Alice (owner), Bob (her team), Charlie (a stranger)."""

from collections.abc import Iterator

import pytest
from tests.accounts.world import Hand, World
from tests.control.cast import Person, start_app


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    hand = Hand()
    app, stop = start_app(tmp_path_factory.mktemp("orgs"), clock=hand.now, registration="open")
    yield World(app, hand)
    stop()


@pytest.fixture
def alice(world: World) -> Person:
    return world.verified("alice")


@pytest.fixture
def bob(world: World) -> Person:
    return world.sign_up("bob")


@pytest.fixture
def charlie(world: World) -> Person:
    return world.sign_up("charlie")


@pytest.fixture
def acme(alice: Person) -> str:
    """Alice's organisation, by its id."""
    return str(alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"])
