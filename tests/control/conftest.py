"""The servers, and the cast: Alice (owner), Bob (her team), Charlie (a stranger)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.control.cast import App, Person, sign_up, start_app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One server for all tests that only add to it."""
    made, stop = start_app(tmp_path_factory.mktemp("control"))
    yield made
    stop()


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Servers of their own, for tests about settings, limits and first starts."""
    stops: list[Callable[[], None]] = []

    def make(**options: object) -> App:
        folder = tmp_path / f"data{len(stops)}"
        folder.mkdir()
        made, stop = start_app(folder, **options)  # type: ignore[arg-type]
        stops.append(stop)
        return made

    yield make
    for stop in stops:
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
