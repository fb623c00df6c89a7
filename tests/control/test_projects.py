"""Projects, websites, keys, tenants."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.control.cast import ADMIN_KEY, App, Person
from tests.control.databases import SQLITE

from pulseboard import projects
from pulseboard.accounts import User
from pulseboard.projects import grants as grants_room


def test_a_project_from_making_to_deleting(alice: Person) -> None:
    made = alice.project(
        name=" shop ", description="d", environment="staging", timezone="Europe/Berlin", domains=["A.example.com"]
    )
    assert made | {"id": 0, "createdAt": 0} == {
        "id": 0, "createdAt": 0, "orgId": alice.home, "name": "shop", "description": "d", "environment": "staging",
        "timezone": "Europe/Berlin", "domains": ["a.example.com"],
        "alertDefaults": {"channels": [{"type": "email", "target": ""}], "window": "5m"},
    }  # fmt: skip
    url = f"/api/v1/projects/{made['id']}"
    assert alice.get(url).json() == made
    changed = alice.patch(url, {"description": "e", "timezone": "UTC", "domains": []}).json()
    assert changed == made | {"description": "e", "timezone": "UTC", "domains": []}
    assert alice.delete(url).status_code == 204
    assert alice.get(url).status_code == 404
    assert alice.get("/api/v1/projects").json() == {"items": [], "total": 0, "nextCursor": None}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": " \t"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": None}, "name"),
        ({"environment": "production"}, "environment"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"domains": ["ok.example.com", "https://x.example.com"]}, "domains.1"),
        ({"domains": ["a b"]}, "domains.0"),
        ({"domains": [""]}, "domains.0"),
        ({"domains": ["x" * 64 + ".com"]}, "domains.0"),
        ({"domains": "example.com"}, "domains"),
        ({"domains": [5]}, "domains.0"),
        ({"apiKey": "x"}, "apiKey"),
        ({"description": "d" * 2001}, "description"),
    ],
)
def test_a_bad_field_is_named_when_making_and_when_changing(
    alice: Person, fields: dict[str, object], path: str
) -> None:
    for answer in (
        alice.post("/api/v1/projects", {"name": "p"} | fields),
        alice.patch(f"/api/v1/projects/{alice.project()['id']}", fields),
    ):
        assert answer.status_code == 422, answer.text
        assert [fault["path"] for fault in answer.json()["errors"]] == [path]


@pytest.mark.parametrize(
    "name", ["🦊 fox", "مرحبا", "\u202etxt.exe", "<script>alert(1)</script>", "'; DROP TABLE users; --", "a\nb"]
)
def test_a_name_comes_back_as_it_was_given(alice: Person, name: str) -> None:
    assert alice.get(f"/api/v1/projects/{alice.project(name=name)['id']}").json()["name"] == name


def test_projects_are_listed_by_organisation(alice: Person) -> None:
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    here, there = alice.project(), alice.project(orgId=org)
    assert [p["id"] for p in alice.get("/api/v1/projects").json()["items"]] == [here["id"], there["id"]]
    assert [p["id"] for p in alice.get("/api/v1/projects", orgId=org).json()["items"]] == [there["id"]]


@pytest.mark.skipif(not SQLITE, reason="it looks at the file")
def test_a_key_is_shown_once_and_only_its_hash_is_kept(app: App, alice: Person) -> None:
    project = alice.project()
    url = f"/api/v1/projects/{project['id']}/api-keys"
    made = alice.key(project["id"], "ingest")
    assert made["key"].startswith("pk_live_") and len(made["key"]) >= 40
    assert made["prefix"] == made["key"][:12] and made["status"] == "active" and made["lastUsedAt"] is None
    listed = alice.get(url)
    assert made["key"] not in listed.text
    assert listed.json()["items"] == [{name: value for name, value in made.items() if name != "key"}]
    assert made["key"].encode() not in (app.settings.server.data_dir / "control.db").read_bytes()
    wal = app.settings.server.data_dir / "control.db-wal"
    assert not wal.exists() or made["key"].encode() not in wal.read_bytes()


def test_a_keys_letters_tell_its_scope_and_stage(alice: Person) -> None:
    dev = alice.project(environment="dev")["id"]
    assert alice.key(dev, "ingest")["key"].startswith("pk_test_")
    assert alice.key(dev, "secret")["key"].startswith("sk_test_")
    unsaid = alice.post(f"/api/v1/projects/{dev}/api-keys", {"label": "x"}).json()
    assert unsaid["scope"] == "ingest", "what is not asked for is not given"


def test_a_secret_key_reads_its_project_and_nothing_else(app: App, alice: Person) -> None:
    mine, other = alice.project(), alice.project()
    for headers in (
        {"x-api-key": alice.key(mine["id"])["key"]},
        {"authorization": f"Bearer {alice.key(mine['id'])['key']}"},
        {"authorization": f"Api-Key {alice.key(mine['id'])['key']}"},
    ):
        assert app.http.get(f"/api/v1/projects/{mine['id']}", headers=headers).json() == mine
        assert [p["id"] for p in app.http.get("/api/v1/projects", headers=headers).json()["items"]] == [mine["id"]]
        assert app.http.get(f"/api/v1/projects/{other['id']}", headers=headers).status_code == 404
        for method, path in (
            ("PATCH", f"/api/v1/projects/{mine['id']}"),
            ("DELETE", f"/api/v1/projects/{mine['id']}"),
            ("GET", f"/api/v1/projects/{mine['id']}/api-keys"),
            ("GET", "/api/v1/orgs"),
            ("GET", f"/api/v1/orgs/{alice.home}"),
            ("GET", "/api/v1/auth/me"),
            ("POST", "/api/v1/auth/logout"),
            ("POST", "/api/v1/orgs"),
            ("POST", "/api/v1/projects"),
        ):
            body = {"name": "x"} if method in ("POST", "PATCH") and "logout" not in path else None
            assert app.http.request(method, path, json=body, headers=headers).status_code == 403, (method, path)


def test_an_ingest_key_reads_nothing(app: App, alice: Person) -> None:
    project = alice.project()
    headers = {"x-api-key": alice.key(project["id"], "ingest")["key"]}
    assert app.http.get(f"/api/v1/projects/{project['id']}", headers=headers).status_code == 403


@pytest.mark.parametrize("key", ["sk_live_nope", "x", "é", "sk_live_" + "a" * 5000])
def test_an_unknown_key_is_nobody(app: App, key: str) -> None:
    assert app.http.get("/api/v1/projects", headers={"x-api-key": key.encode()}).status_code == 401


def gone(app: App, key: str) -> bool:
    """Whether the key stops within a second."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        if app.http.get("/api/v1/projects", headers={"x-api-key": key}).status_code == 401:
            return True
        time.sleep(0.05)
    return False


def works(app: App, key: str) -> bool:
    return app.http.get("/api/v1/projects", headers={"x-api-key": key}).status_code == 200


def test_whatever_ends_a_key_ends_it_within_a_second(app: App, alice: Person) -> None:
    def revoke(project: str, key: str) -> None:
        alice.patch(f"/api/v1/projects/{project}/api-keys/{key}", {"status": "revoked"})

    def remove(project: str, key: str) -> None:
        alice.delete(f"/api/v1/projects/{project}/api-keys/{key}")

    def rotate(project: str, key: str) -> None:
        alice.post(f"/api/v1/projects/{project}/api-keys/{key}/rotate")

    def delete_project(project: str, _key: str) -> None:
        alice.delete(f"/api/v1/projects/{project}")

    def delete_org(project: str, _key: str) -> None:
        alice.delete(f"/api/v1/orgs/{alice.get(f'/api/v1/projects/{project}').json()['orgId']}")

    ends: list[Callable[[str, str], None]] = [revoke, remove, rotate, delete_project, delete_org]
    for end in ends:
        org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
        project = alice.project(orgId=org)["id"]
        key = alice.key(project)
        assert works(app, key["key"])
        end(project, key["id"])
        assert gone(app, key["key"]), end.__name__


def test_a_revoked_key_can_be_made_to_work_again_and_a_restored_organisations_keys_too(app: App, alice: Person) -> None:
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project = alice.project(orgId=org)["id"]
    key = alice.key(project)
    url = f"/api/v1/projects/{project}/api-keys/{key['id']}"
    assert alice.patch(url, {"status": "revoked"}).json()["status"] == "revoked"
    assert not works(app, key["key"])
    assert alice.patch(url, {"status": "active", "label": "again"}).json()["label"] == "again"
    assert works(app, key["key"])
    alice.delete(f"/api/v1/orgs/{org}")
    assert not works(app, key["key"])
    alice.post(f"/api/v1/orgs/{org}/restore")
    assert works(app, key["key"])


def test_a_rotated_key_lives_on_for_its_grace(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    old = alice.key(project)
    url = f"/api/v1/projects/{project}/api-keys"
    made = alice.post(f"{url}/{old['id']}/rotate", {"graceSeconds": 2})
    assert made.status_code == 201
    new = made.json()
    assert (new["label"], new["scope"]) == (old["label"], old["scope"]) and new["key"] != old["key"]
    assert works(app, old["key"]) and works(app, new["key"])
    listed = {k["id"]: k for k in alice.get(url).json()["items"]}
    assert listed[old["id"]]["expiresAt"] is not None and listed[old["id"]]["status"] == "active"
    time.sleep(2.1)
    assert gone(app, old["key"]) and works(app, new["key"])


@pytest.mark.parametrize("grace", [-1, "5", 1.5, 10**9, None])
def test_a_grace_must_make_sense(alice: Person, grace: object) -> None:
    project = alice.project()["id"]
    answer = alice.post(
        f"/api/v1/projects/{project}/api-keys/{alice.key(project)['id']}/rotate", {"graceSeconds": grace}
    )
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "graceSeconds"


def test_when_a_key_was_last_used_is_shown_after_a_flush(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    key = alice.key(project)
    assert works(app, key["key"])
    app.grants.flush()
    (shown,) = alice.get(f"/api/v1/projects/{project}/api-keys").json()["items"]
    used = datetime.fromisoformat(shown["lastUsedAt"])
    assert datetime.now(UTC) - used < timedelta(seconds=5)


def test_a_grant_is_looked_up_once_a_second_and_refusals_are_remembered_too(app: App, alice: Person) -> None:
    seconds = [0.0]
    grants = projects.Grants(app.db, lambda: datetime.now(UTC), app.plans, lambda: seconds[0])
    project = alice.project()
    key = alice.key(project["id"], "ingest")
    assert grants.cached(key["key"]) is None
    loaded = grants.load(key["key"])
    assert loaded is not None
    assert (loaded.key_id, loaded.project_id, loaded.org_id) == (key["id"], project["id"], alice.home)
    assert (loaded.scope, loaded.environment, loaded.terms.allowance) == ("ingest", "prod", None)
    app.statements.clear()
    assert grants.cached(key["key"]) is loaded and app.statements == []
    seconds[0] = 1.0
    assert grants.cached(key["key"]) is None, "an entry lives a second"
    assert grants.load("pk_live_unknown") is None
    app.statements.clear()
    assert grants.load("pk_live_unknown") is None and app.statements == []
    seconds[0] = 2.1
    grants.load("pk_live_unknown")
    assert app.statements != []


def test_invented_keys_do_not_fill_the_memory(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants_room, "MOST_REFUSALS", 100)
    grants = projects.Grants(app.db, lambda: datetime.now(UTC), app.plans, lambda: 0.0)
    for number in range(250):
        grants.load(f"pk_live_{number}")
    assert len(grants._refused) <= 100
    grants.load("pk_live_" + "x" * 1_000_000)
    assert max(len(str(entry)) for entry in grants._refused) < 1_000


def test_the_name_of_a_site_is_no_key(app: App, alice: Person) -> None:
    grants = projects.Grants(app.db, lambda: datetime.now(UTC), app.plans, lambda: 0.0)
    site = alice.post("/api/v1/websites", {"name": "shop", "domain": "shop.example.com"}).json()["id"]
    assert grants.load_site(site) is not None and grants.cached_site(site) is not None
    for key in (site, f"site:{site}", f"\0site:{site}"):
        assert grants.cached(key) is None and grants.load(key) is None


def test_a_website_is_a_project_with_a_domain(alice: Person) -> None:
    made = alice.post("/api/v1/websites", {"name": "My site", "domain": "Bücher.example"})
    assert made.status_code == 201
    site = made.json()
    assert site | {"id": 0, "createdAt": 0} == {
        "id": 0,
        "createdAt": 0,
        "name": "My site",
        "domain": "xn--bcher-kva.example",
    }
    alice.project(name="no site")
    assert alice.get("/api/v1/websites").json() == {"items": [site], "total": 1, "nextCursor": None}
    assert alice.get(f"/api/v1/projects/{site['id']}").json()["domains"] == ["xn--bcher-kva.example"]
    assert alice.delete(f"/api/v1/websites/{site['id']}").status_code == 204
    assert alice.get("/api/v1/websites").json()["items"] == []
    bad = alice.post("/api/v1/websites", {"name": "x", "domain": "http://x.example"})
    assert bad.status_code == 422 and bad.json()["errors"][0]["path"] == "domain"


def test_trackmints_projects_come_with_a_key(app: App, alice: Person) -> None:
    made = alice.post("/api/projects/", {"name": "mint"})
    assert made.status_code == 201 and works(app, made.json()["apiKey"])
    assert [p["id"] for p in alice.get("/api/projects/").json()["items"]] == [made.json()["id"]]
    assert alice.delete(f"/api/projects/{made.json()['id']}/").status_code == 204


def test_the_platforms_key_makes_tenants(app: App) -> None:
    made = app.http.post("/tenants", json={"name": " Tenant "}, headers={"x-api-key": ADMIN_KEY})
    assert made.status_code == 201
    tenant = made.json()
    assert tenant["name"] == "Tenant" and tenant["apiKey"].startswith("sk_live_")
    (project,) = app.http.get("/api/v1/projects", headers={"x-api-key": tenant["apiKey"]}).json()["items"]
    assert project["orgId"] == tenant["id"]


def test_nobody_else_makes_tenants(app: App, alice: Person) -> None:
    key = alice.key(alice.project()["id"])["key"]
    attempts: list[dict[str, str]] = [
        {}, alice.bearer, {"x-api-key": key}, {"x-api-key": ""}, {"x-api-key": ADMIN_KEY[:-1]},
        {"x-api-key": ADMIN_KEY + "x"},
    ]  # fmt: skip
    for headers in attempts:
        assert app.http.post("/tenants", json={"name": "t"}, headers=headers).status_code == 401, headers


def test_without_an_admin_key_the_door_is_closed(make_app: Callable[..., App]) -> None:
    closed = make_app(admin_key="")
    assert closed.http.post("/tenants", json={"name": "t"}).status_code == 401
    for key in ("x", "None", '""'):
        assert closed.http.post("/tenants", json={"name": "t"}, headers={"x-api-key": key}).status_code == 403


def test_only_superadmins_see_pulseboards_own_project(app: App, alice: Person) -> None:
    with app.db.write() as session:
        own = projects.ensure_system_project(session, datetime.now(UTC))
        assert projects.ensure_system_project(session, datetime.now(UTC)) == own
    assert alice.get(f"/api/v1/projects/{own}").status_code == 404
    make_superadmin(app, alice)
    assert alice.get(f"/api/v1/projects/{own}").json()["name"] == "Pulseboard itself"
    assert own in [p["id"] for p in alice.get("/api/v1/projects").json()["items"]]
    assert alice.delete(f"/api/v1/projects/{own}").status_code == 403
    assert alice.post(f"/api/v1/projects/{own}/api-keys", {"label": "x"}).status_code == 403


def test_a_superadmin_is_a_stranger_in_other_peoples_organisations(app: App, alice: Person, charlie: Person) -> None:
    make_superadmin(app, alice)
    theirs = charlie.project()
    assert alice.get(f"/api/v1/projects/{theirs['id']}").status_code == 404
    assert alice.get(f"/api/v1/orgs/{charlie.home}").status_code == 404


def make_superadmin(app: App, person: Person) -> None:
    with app.db.write() as session:
        session.get_one(User, person.tokens["user"]["id"]).superadmin = True
