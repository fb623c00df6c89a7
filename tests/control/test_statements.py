"""What a call costs in statements: who asks, what they may, the change and its entry in the audit log included.

Who asks and what the installation's owner has chosen is remembered for a second; its first call pays for it.
"""

from collections.abc import Callable

from sqlalchemy import text
from tests.control.cast import ADMIN_KEY, PASSWORD, App, Person, sign_up

MOST = 3
WHO = "users.email_verified, login_sessions.revoked_at"  # in the statement that asks
CHOSEN = "SELECT policy_choices"
# SQLite writes one table in a statement; why some calls need more, each with all of them.
DEARER = {
    "invite": 4,  # the letter beside the invitation
    "make a tenant": 4,  # an organisation, a project, a key and the log
    "revoke a token": 4,  # the letter, and to whom
}
# What shows a password, which takes 50 to 100 ms by design. The attempt is looked up, counted before it is made and
# taken back (3), whose it is is asked before and inside the change (2); the rest is a statement a table.
WITH_PASSWORD = {
    "register": 8,
    "login": 9,
    "make a token": 9,
    "begin an app": 7,
    "begin a passkey": 6,
    "move": 11,
    "change the password": 11,
    "leave": 10,
}


def cost(app: App, call: Callable[[], object]) -> int:
    """Statements of the call, without what is remembered for a second: whether it is asked is up to the clock."""
    app.statements.clear()
    call()
    asked = [each for each in app.statements if not each.startswith(("BEGIN", "PRAGMA", CHOSEN))]
    return len([each for each in asked if WHO not in each])


def test_every_call_costs_few_statements(app: App, alice: Person, bob: Person) -> None:
    with app.db.write() as session:
        session.execute(text("UPDATE users SET email_verified = true"))
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project = alice.project(orgId=org, domains=["a.example.com"])["id"]
    key = alice.key(project)
    acme, shop, keys = f"/api/v1/orgs/{org}", f"/api/v1/projects/{project}", f"/api/v1/projects/{project}/api-keys"
    member = alice.post(f"{acme}/members", {"email": bob.email, "role": "viewer"}).json()["id"]
    schema = alice.schema(project)["id"]
    calls: dict[str, Callable[[], object]] = {
        "who am I": lambda: alice.get("/api/v1/auth/me"),
        "organisations": lambda: alice.get("/api/v1/orgs"),
        "organisation": lambda: alice.get(acme),
        "make an organisation": lambda: alice.post("/api/v1/orgs", {"name": "B"}),
        "rename an organisation": lambda: alice.patch(acme, {"name": "B"}),
        "members": lambda: alice.get(f"{acme}/members"),
        "change a role": lambda: alice.patch(f"{acme}/members/{member}", {"role": "member"}),
        "invite": lambda: alice.post(f"{acme}/members", {"email": "guest@example.com", "role": "viewer"}),
        "invitations": lambda: alice.get(f"{acme}/invitations"),
        "audit log": lambda: alice.get(f"{acme}/audit-log"),
        "export the audit log": lambda: alice.get(f"{acme}/audit-log/export"),
        "projects": lambda: alice.get("/api/v1/projects"),
        "projects of an organisation": lambda: alice.get("/api/v1/projects", orgId=org),
        "project": lambda: alice.get(shop),
        "make a project": lambda: alice.project(),
        "make one in an organisation": lambda: alice.project(orgId=org),
        "change a project": lambda: alice.patch(shop, {"name": "B"}),
        "websites": lambda: alice.get("/api/v1/websites"),
        "give a role in a project": lambda: alice.http.put(
            f"{shop}/roles/{member}", json={"role": "viewer"}, headers=alice.bearer
        ),
        "roles in a project": lambda: alice.get(f"{shop}/roles"),
        "collection": lambda: alice.get(f"{shop}/collection"),
        "set the collection": lambda: alice.http.put(
            f"{shop}/collection", json={"keepAddress": True}, headers=alice.bearer
        ),
        "keys": lambda: alice.get(keys),
        "make a key": lambda: alice.key(project),
        "rename a key": lambda: alice.patch(f"{keys}/{key['id']}", {"label": "b"}),
        "rotate a key": lambda: alice.post(f"{keys}/{key['id']}/rotate"),
        "delete a key": lambda: alice.delete(f"{keys}/{key['id']}"),
        "schemas": lambda: alice.get(f"{shop}/event-schemas"),
        "schema": lambda: alice.get(f"{shop}/event-schemas/{schema}"),
        "make a schema": lambda: alice.schema(project, "other"),
        "change a schema": lambda: alice.patch(f"{shop}/event-schemas/{schema}", {"mode": "reject"}),
        "delete a schema": lambda: alice.delete(f"{shop}/event-schemas/{schema}"),
        "make a tenant": lambda: app.http.post("/tenants", json={"name": "T"}, headers={"x-api-key": ADMIN_KEY}),
        "leave": lambda: bob.post(f"{acme}/leave"),
        "delete a project": lambda: alice.delete(shop),
        "delete an organisation": lambda: alice.delete(acme),
        "restore an organisation": lambda: alice.post(f"{acme}/restore"),
    }
    found = {name: cost(app, call) for name, call in calls.items()}
    assert {name: count for name, count in found.items() if count > DEARER.get(name, MOST)} == {}


def test_calls_about_an_account_cost_few_statements_where_no_password_is_shown(
    app: App, alice: Person, bob: Person
) -> None:
    show, ids = {"password": PASSWORD}, dict[str, str]()

    def token() -> None:
        ids["token"] = alice.post("/api/v1/auth/tokens", show | {"name": "x", "scopes": ["read"]}).json()["id"]

    calls: dict[str, Callable[[], object]] = {
        "register": lambda: sign_up(app, "dora"),
        "login": lambda: app.http.post("/api/v1/auth/login", json=show | {"email": alice.email}),
        "renew": lambda: app.http.post("/api/v1/auth/refresh", json={"refreshToken": alice.tokens["refreshToken"]}),
        "forgot": lambda: app.http.post("/api/v1/auth/forgot-password", json={"email": alice.email}),
        "make a token": token,
        "revoke a token": lambda: alice.delete(f"/api/v1/auth/tokens/{ids['token']}"),
        "begin an app": lambda: alice.post("/api/v1/auth/totp", show),
        "begin a passkey": lambda: alice.post("/api/v1/auth/passkeys/options", show),
        "move": lambda: alice.post("/api/v1/auth/change-email", show | {"email": f"new-{alice.email}"}),
        "sessions": lambda: alice.get("/api/v1/auth/sessions"),
        "end other sessions": lambda: alice.delete("/api/v1/auth/sessions"),
        "change the password": lambda: alice.post(
            "/api/v1/auth/change-password", {"currentPassword": PASSWORD, "password": f"{PASSWORD}!"}
        ),
        "log out": lambda: alice.post("/api/v1/auth/logout"),
        "leave": lambda: bob.post("/api/v1/auth/delete-account", show),
    }
    found = {name: cost(app, call) for name, call in calls.items()}
    dear = {name: count for name, count in found.items() if count > DEARER.get(name, MOST)}
    assert dear == WITH_PASSWORD


def test_who_asks_costs_one_statement(app: App, alice: Person) -> None:
    with app.db.write() as session:
        session.execute(text("UPDATE users SET name = name"))
    app.statements.clear()
    alice.get("/api/v1/orgs")
    assert len([each for each in app.statements if WHO in each]) == 1
