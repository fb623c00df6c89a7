"""A server whose superadmin is Alice; the others are people who use it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from tests.control.cast import PASSWORD, App, Person, sign_up, start_app

from pulseboard import accounts


@dataclass
class Hand:
    """A clock that is moved by hand."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def move(self, **much: float) -> None:
        self.at += timedelta(**much)


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, hand: Hand) -> Iterator[App]:
    made, stop = start_app(tmp_path_factory.mktemp("admin"), clock=hand.now, registration="")
    yield made
    stop()


@pytest.fixture(scope="module")
def root_email(app: App) -> str:
    token = accounts.setup_token(app.db, app.settings.server.data_dir)
    body = {"email": "alice@example.com", "password": PASSWORD, "name": "Alice", "token": token}
    assert app.http.post("/api/v1/setup", json=body).status_code == 201
    app.http.cookies.clear()
    return "alice@example.com"


def sign_in(app: App, email: str) -> Person:
    answer = app.http.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    app.http.cookies.clear()
    return Person(app.http, email, answer.json())


@pytest.fixture
def alice(app: App, root_email: str) -> Person:
    """The superadmin."""
    person = sign_in(app, root_email)
    assert person.patch("/api/v1/admin/settings", {"registration": "open"}).status_code == 200
    return person


@pytest.fixture
def bob(app: App, alice: Person) -> Person:
    return sign_up(app, "bob")


@pytest.fixture
def charlie(app: App, alice: Person) -> Person:
    return sign_up(app, "charlie")
