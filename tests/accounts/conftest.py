"""One server whose clock is moved by hand, and the cast: Alice (owner), Bob (her team), Charlie (a stranger)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.accounts.world import Hand, World
from tests.control.cast import Person, start_app

from pulseboard.accounts import passwords


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    hand = Hand()
    app, stop = start_app(tmp_path_factory.mktemp("accounts"), clock=hand.now)
    yield World(app, hand)
    stop()


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[[], World]]:
    """A server with nobody else on it."""
    stops: list[Callable[[], None]] = []

    def make() -> World:
        hand = Hand()
        app, stop = start_app(tmp_path, clock=hand.now)
        stops.append(stop)
        return World(app, hand)

    yield make
    for stop in stops:
        stop()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2id as ever, but what it costs is not what these tests are about."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))


@pytest.fixture
def alice(world: World) -> Person:
    return world.sign_up("alice")


@pytest.fixture
def bob(world: World) -> Person:
    return world.sign_up("bob")


@pytest.fixture
def charlie(world: World) -> Person:
    return world.sign_up("charlie")
