"""Superadmins find everybody, and stop them within a second."""

import pytest
from tests.control.cast import PASSWORD, App, Person, sign_up


def user_path(person: Person) -> str:
    return f"/api/v1/admin/users/{person.tokens['user']['id']}"


def test_people_are_found_by_a_part_of_their_address_or_name_and_page_by_page(
    app: App, alice: Person, bob: Person
) -> None:
    found = alice.get("/api/v1/admin/users", search=bob.email.upper()).json()
    assert [item["email"] for item in found["items"]] == [bob.email] and found["total"] == 1
    assert found["items"][0]["orgs"] == 1 and found["items"][0]["lastSeenAt"]
    assert alice.get("/api/v1/admin/users", search="%").json()["total"] == 0, "a pattern is only a text"
    everybody = alice.get("/api/v1/admin/users").json()
    first = alice.get("/api/v1/admin/users", limit=1).json()
    second = alice.get("/api/v1/admin/users", limit=1, cursor=first["nextCursor"]).json()
    assert [first["items"][0], second["items"][0]] == everybody["items"][:2]
    assert alice.get("/api/v1/admin/users", superadmin="true").json()["items"][0]["email"] == alice.email


def test_a_disabled_persons_sessions_and_tokens_end_and_only_signing_in_again_helps(
    app: App, alice: Person, bob: Person
) -> None:
    asked = {"name": "x", "scopes": ["read"], "password": PASSWORD}
    token = {"authorization": f"Bearer {bob.post('/api/v1/auth/tokens', asked).json()['token']}"}
    assert app.http.get("/api/v1/auth/me", headers=token).status_code == 200
    assert alice.patch(user_path(bob), {"status": "disabled"}).json()["status"] == "disabled"
    assert bob.get("/api/v1/auth/me").status_code == 401
    assert app.http.get("/api/v1/auth/me", headers=token).status_code == 401
    refresh = {"refreshToken": bob.tokens["refreshToken"]}
    assert app.http.post("/api/v1/auth/refresh", json=refresh).status_code == 401
    login = {"email": bob.email, "password": PASSWORD}
    refused = app.http.post("/api/v1/auth/login", json=login)
    unknown = app.http.post("/api/v1/auth/login", json=login | {"email": "nobody@example.com"})
    assert (refused.status_code, refused.text) == (unknown.status_code, unknown.text)
    assert alice.patch(user_path(bob), {"status": "active"}).status_code == 200
    assert bob.get("/api/v1/auth/me").status_code == 401, "what ended stays ended"
    assert app.http.get("/api/v1/auth/me", headers=token).status_code == 200
    assert app.http.post("/api/v1/auth/login", json=login).status_code == 200
    app.http.cookies.clear()


def test_a_disabled_organisations_keys_are_refused_and_its_projects_are_out_of_reach(
    app: App, alice: Person, bob: Person
) -> None:
    org = bob.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project = bob.project(orgId=org)["id"]
    key = {"x-api-key": bob.key(project)["key"]}
    path = f"/api/v1/projects/{project}"
    assert app.http.get(path, headers=key).status_code == 200
    admin = f"/api/v1/admin/orgs/{org}"
    assert alice.patch(admin, {"status": "disabled"}).json()["status"] == "disabled"
    assert app.http.get(path, headers=key).status_code == 401
    assert app.grants.load_site(project) is None
    assert bob.get(path).status_code == 404
    assert bob.get(f"/api/v1/orgs/{org}").json()["disabledAt"]
    for refused in (
        bob.patch(f"/api/v1/orgs/{org}", {"name": "x"}),
        bob.post(f"/api/v1/orgs/{org}/members", {"email": "x@example.com", "role": "viewer"}),
        bob.post("/api/v1/projects", {"name": "x", "orgId": org}),
    ):
        assert refused.status_code == 403 and refused.json()["type"] == "org-disabled"
    log = bob.get(f"/api/v1/orgs/{org}/audit-log").json()["items"][0]
    assert log["action"] == "org.administered" and log["metadata"]["after"] == {"status": "disabled"}
    assert alice.patch(admin, {"status": "active"}).status_code == 200
    assert app.http.get(path, headers=key).status_code == 200 and bob.get(path).status_code == 200


def test_a_disabled_personal_organisation_takes_no_new_project(alice: Person, bob: Person) -> None:
    assert alice.patch(f"/api/v1/admin/orgs/{bob.home}", {"status": "disabled"}).status_code == 200
    assert bob.post("/api/v1/projects", {"name": "x"}).status_code == 422


def test_a_plan_is_changed_and_told(alice: Person, bob: Person) -> None:
    path = f"/api/v1/admin/orgs/{bob.home}"
    assert alice.patch(path, {"plan": "business"}).json()["plan"] == "business"
    entry = bob.get(f"/api/v1/orgs/{bob.home}/audit-log").json()["items"][0]
    assert entry["metadata"] == {"before": {"plan": "free"}, "after": {"plan": "business"}}
    assert alice.patch(path, {"plan": "golden"}).status_code == 422
    found = alice.get("/api/v1/admin/orgs", plan="business", search=bob.home).json()["items"]
    assert [item["id"] for item in found] == [bob.home] and found[0]["members"] == 1


@pytest.mark.parametrize("change", [{"status": "disabled"}, {"superadmin": False}])
def test_nobody_locks_themselves_out(alice: Person, change: dict[str, object]) -> None:
    assert alice.patch(user_path(alice), change).status_code == 409


def test_of_two_superadmins_who_stop_each_other_one_is_left(app: App, alice: Person) -> None:
    dora = sign_up(app, "dora")
    assert alice.patch(user_path(dora), {"superadmin": True}).status_code == 200
    assert dora.get("/api/v1/admin/users").status_code == 200
    assert alice.patch(user_path(dora), {"superadmin": False}).status_code == 200
    assert dora.patch(user_path(alice), {"status": "disabled"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"email": "x@example.com"},
        {"passwordHash": "x"},
        {"emailVerified": True},
        {"status": "leaving"},
        {"id": "x"},
        {"superadmin": "yes"},
        {"superadmin": None},
        [],
    ],
)
def test_what_may_not_be_changed_is_refused_by_name(alice: Person, bob: Person, body: object) -> None:
    assert alice.call("PATCH", user_path(bob), body).status_code == 422
    assert alice.get(user_path(bob)).json()["email"] == bob.email


def test_what_is_not_there_is_404(alice: Person) -> None:
    for path in ("/api/v1/admin/users/x", "/api/v1/admin/orgs/x", "/api/v1/admin/outbox/x"):
        assert alice.get(path).status_code == 404


def test_settings_hold_at_once(app: App, alice: Person) -> None:
    body = {"email": "new@example.com", "password": PASSWORD}
    assert alice.patch("/api/v1/admin/settings", {"registration": "invite"}).json()["registration"] == "invite"
    assert app.http.post("/api/v1/auth/register", json=body).status_code == 403
    assert alice.patch("/api/v1/admin/settings", {"banner": " Back at nine "}).json()["banner"] == "Back at nine"
    assert alice.get("/api/v1/auth/me").json()["banner"] == "Back at nine"
    changed = alice.get("/api/v1/admin/audit-log", action="settings").json()["items"][0]
    assert changed["metadata"] == {"before": {"banner": ""}, "after": {"banner": "Back at nine"}}
    assert alice.patch("/api/v1/admin/settings", {"banner": "", "registration": "open"}).status_code == 200
    assert alice.patch("/api/v1/admin/settings", {"adminKey": "x"}).status_code == 422


def test_a_letters_link_is_shown_where_nothing_leaves_by_mail_and_reading_it_is_told(
    alice: Person, bob: Person
) -> None:
    letters = alice.get("/api/v1/admin/outbox", recipient=bob.email).json()["items"]
    assert [letter["letter"] for letter in letters] == ["verify-email"] and letters[0]["status"] == "kept"
    opened = alice.get(f"/api/v1/admin/outbox/{letters[0]['id']}").json()
    assert "#token=" in opened["text"]
    log = alice.get("/api/v1/admin/audit-log").json()["items"][0]
    assert log["action"] == "letter.read" and log["target"]["name"] == bob.email
    assert alice.post(f"/api/v1/admin/outbox/{letters[0]['id']}/send").status_code == 409


def test_a_superadmins_token_makes_none_and_opens_no_letter(app: App, alice: Person, bob: Person) -> None:
    asked = {"name": "x", "scopes": ["write", "admin"], "password": PASSWORD}
    token = {"authorization": f"Bearer {alice.post('/api/v1/auth/tokens', asked).json()['token']}"}
    letter = alice.get("/api/v1/admin/outbox", recipient=bob.email).json()["items"][0]["id"]
    assert app.http.get("/api/v1/admin/outbox", headers=token).status_code == 200
    assert app.http.get(f"/api/v1/admin/outbox/{letter}", headers=token).status_code == 403
    made = app.http.patch(user_path(bob), json={"superadmin": True}, headers=token)
    assert made.status_code == 403 and not alice.get(user_path(bob)).json()["superadmin"]
    assert app.http.patch(user_path(bob), json={"status": "disabled"}, headers=token).status_code == 200


def test_the_last_superadmin_who_can_sign_in_does_not_leave(app: App, alice: Person) -> None:
    dora = sign_up(app, "dora")
    assert alice.patch(user_path(dora), {"superadmin": True, "status": "disabled"}).status_code == 200
    assert alice.post("/api/v1/auth/delete-account", {"password": PASSWORD}).status_code == 409
    assert alice.get("/api/v1/auth/me").json()["status"] == "active"


def test_the_same_request_twice_opens_two_sessions_and_keeps_no_token(alice: Person, bob: Person) -> None:
    def begin() -> object:
        headers = {**alice.bearer, "idempotency-key": "once"}
        answer = alice.http.post(f"{user_path(bob)}/impersonate", json={"reason": "x"}, headers=headers)
        alice.http.cookies.clear()
        return answer.json()["accessToken"]

    first, second = begin(), begin()
    assert first and second and first != second
