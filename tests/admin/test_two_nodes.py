"""Two processes' worth of the application over one database: what one changes, the other follows within a second."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.admin.conftest import Hand
from tests.control.cast import App, Person, start_app

from pulseboard.db.memory import LIFE


@pytest.fixture(scope="module")
def node(app: App, hand: Hand) -> Iterator[App]:
    """The second one."""
    settings = app.settings
    made, stop = start_app(
        settings.server.data_dir, clock=hand.now, registration="", database_url=settings.database_url
    )
    yield made
    stop()


def there(person: Person, node: App) -> Person:
    """The same person, asking the other one."""
    return replace(person, http=node.http)


def test_a_disabled_person_is_out_everywhere(alice: Person, bob: Person, node: App) -> None:
    assert there(bob, node).get("/api/v1/auth/me").status_code == 200
    assert alice.patch(f"/api/v1/admin/users/{bob.tokens['user']['id']}", {"status": "disabled"}).status_code == 200
    time.sleep(LIFE)
    assert there(bob, node).get("/api/v1/auth/me").status_code == 401


def test_a_disabled_organisations_keys_are_refused_everywhere(alice: Person, bob: Person, node: App) -> None:
    project = bob.project()["id"]
    key = {"x-api-key": bob.key(project)["key"]}
    path = f"/api/v1/projects/{project}"
    assert node.http.get(path, headers=key).status_code == 200
    assert alice.patch(f"/api/v1/admin/orgs/{bob.home}", {"status": "disabled"}).status_code == 200
    assert there(bob, node).get(path).status_code == 404, "people are asked about anew each time"
    time.sleep(LIFE)
    assert node.http.get(path, headers=key).status_code == 401


def test_another_role_counts_everywhere_at_once(bob: Person, charlie: Person, node: App) -> None:
    org = bob.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    member = bob.post(f"/api/v1/orgs/{org}/members", {"email": charlie.email, "role": "admin"}).json()["id"]
    rename = {"name": "renamed"}
    assert there(charlie, node).patch(f"/api/v1/orgs/{org}", rename).status_code == 200
    assert bob.patch(f"/api/v1/orgs/{org}/members/{member}", {"role": "viewer"}).status_code == 200
    assert there(charlie, node).patch(f"/api/v1/orgs/{org}", rename).status_code == 403


def test_settings_are_followed_everywhere(alice: Person, node: App) -> None:
    assert alice.patch("/api/v1/admin/settings", {"registration": "invite"}).status_code == 200
    time.sleep(LIFE)
    assert node.http.get("/api/v1/setup").json()["registration"] == "invite"
