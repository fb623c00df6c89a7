"""Over PostgreSQL: what another engine might do otherwise. ``TEST_DATABASE`` runs whole rooms on it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from tests.control.cast import PASSWORD, App, Person, sign_up, start_app
from tests.control.databases import new_postgresql

import pulseboard.serve  # noqa: F401 -- every table
from pulseboard import audit
from pulseboard.db import Base, migrate
from pulseboard.settings import SettingsError, load


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made, stop = start_app(tmp_path_factory.mktemp("postgresql"), database_url=new_postgresql())
    yield made
    stop()


@pytest.fixture
def acme(app: App, alice: Person) -> str:
    with app.db.write() as session:
        session.execute(text("UPDATE users SET email_verified = true"))
    return str(alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"])


def at_once(calls: list[Callable[[], httpx.Response]]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(each.status_code for each in pool.map(lambda call: call(), calls))


def verdict(app: App, chain: str) -> audit.Verdict:
    with app.db.read() as session:
        return audit.verify(session, chain)


def test_the_migrations_make_what_the_models_say_and_are_run_once(app: App) -> None:
    migrate(app.settings.database_url)
    with app.db.engine.connect() as connection:
        assert connection.dialect.name == "postgresql"
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_of_two_owners_who_demote_each_other_at_once_one_stays(app: App, alice: Person, bob: Person, acme: str) -> None:
    members = f"/api/v1/orgs/{acme}/members"
    bobs = alice.post(members, {"email": bob.email, "role": "owner"}).json()["id"]
    alices = alice.get(members).json()["items"][0]["id"]
    down = {"role": "viewer"}
    for _ in range(5):
        with app.db.write() as session:
            session.execute(text("UPDATE memberships SET role = 'owner' WHERE org_id = :org"), {"org": acme})
        first, second = at_once(
            [lambda: alice.patch(f"{members}/{bobs}", down), lambda: bob.patch(f"{members}/{alices}", down)]
        )
        assert first == 200 and second in (403, 409)
        assert sorted(each["role"] for each in bob.get(members).json()["items"]) == ["owner", "viewer"]


def test_the_log_is_whole_when_many_write_at_once_and_when_they_are_the_first(app: App, alice: Person) -> None:
    home, project = alice.home, alice.project()["id"]
    before = verdict(app, home).entries
    url = f"/api/v1/projects/{project}/api-keys"
    assert at_once([lambda: alice.post(url, {"label": "k"})] * 12) == [201] * 12
    assert (verdict(app, home).entries, verdict(app, home).broken) == (before + 12, None)
    bob = sign_up(app, "bob")  # nothing is in their log yet
    assert at_once([lambda: bob.post("/api/v1/projects", {"name": "p"})] * 8) == [201] * 8
    assert (verdict(app, bob.home).entries, verdict(app, bob.home).broken) == (8, None)
    assert verdict(app, audit.PLATFORM).broken is None


def test_an_invitation_makes_one_member(app: App, alice: Person, acme: str) -> None:
    assert alice.post(f"/api/v1/orgs/{acme}/members", {"email": "dora@example.com", "role": "member"}).is_success
    with app.db.read() as session:
        token = session.scalar(text("SELECT secret FROM outbox_letters WHERE recipient = 'dora@example.com'"))
    body = {"email": "Dora@Example.com", "password": PASSWORD}
    dora = Person(app.http, body["email"], app.http.post("/api/v1/auth/register", json=body).json())
    app.http.cookies.clear()
    assert at_once([lambda: dora.post("/api/v1/invitations/accept", {"token": token})] * 6) == [200] + [404] * 5
    assert [each["role"] for each in alice.get(f"/api/v1/orgs/{acme}/members").json()["items"]] == ["owner", "member"]


def test_an_address_is_one_persons_however_it_is_written(app: App) -> None:
    email = sign_up(app, "straße").email
    body = {"email": email.upper().replace("SS", "ß"), "password": PASSWORD}
    assert app.http.post("/api/v1/auth/register", json=body).status_code == 409
    assert app.http.post("/api/v1/auth/login", json=body).status_code == 200
    app.http.cookies.clear()


def test_wrong_passwords_at_once_are_each_counted(app: App, alice: Person) -> None:
    wrong = {"email": alice.email, "password": "not hers, not even nearly"}
    found = at_once([lambda: app.http.post("/api/v1/auth/login", json=wrong)] * 10)
    assert found == [401] * 5 + [429] * 5


@pytest.mark.parametrize(
    "name", ["a\0b", "\0", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "🦊" * 200]
)
def test_what_the_engine_cannot_hold_is_refused_by_name_and_the_rest_is_kept(alice: Person, name: str) -> None:
    made = alice.post("/api/v1/orgs", {"name": name})
    assert made.status_code == (422 if "\0" in name else 201), made.text
    assert alice.get("/api/v1/orgs", cursor=name).status_code == 422
    assert alice.get("/api/v1/admin/users", search=name).status_code in (403, 422)
    for path in ("orgs", "projects", "auth/tokens"):
        for id_ in (f"%00{'x' * 30}", "%ff%fe", "%ed%a0%80"):
            assert alice.delete(f"/api/v1/{path}/{id_}").status_code == 404


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://", "pulseboard", "sqlite:///x"])
def test_another_database_is_no_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="PULSEBOARD_DATABASE_URL: must look like postgresql://"):
        load({"PULSEBOARD_DATABASE_URL": url})
