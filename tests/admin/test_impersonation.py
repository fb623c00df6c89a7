"""Acting as somebody: for a quarter of an hour, seen by those whom it concerns, and never to take an account over."""

from datetime import timedelta

import pytest
from tests.admin.conftest import Hand, sign_in
from tests.control.cast import PASSWORD, App, Person, sign_up

from pulseboard.accounts import session_holder
from pulseboard.errors import Unauthenticated

WHY = {"reason": "ticket 17"}


def act_as(alice: Person, whom: Person) -> Person:
    answer = alice.post(f"/api/v1/admin/users/{whom.tokens['user']['id']}/impersonate", WHY)
    assert answer.status_code == 201, answer.text
    alice.http.cookies.clear()
    assert "refreshToken" not in answer.json()
    return Person(alice.http, whom.email, answer.json() | {"user": whom.tokens["user"]})


def actions(person: Person, org_id: str) -> list[dict[str, object]]:
    return list(person.get(f"/api/v1/orgs/{org_id}/audit-log").json()["items"])


def test_a_superadmin_sees_what_the_person_sees_and_a_banner_can_say_so(alice: Person, bob: Person) -> None:
    project = bob.project()["id"]
    assert alice.get(f"/api/v1/projects/{project}").status_code == 404
    acting = act_as(alice, bob)
    assert acting.get(f"/api/v1/projects/{project}").status_code == 200
    me = acting.get("/api/v1/auth/me").json()
    assert me["email"] == bob.email and me["roles"] == ["user"]
    assert me["impersonation"]["by"] == alice.email and me["impersonation"]["endsAt"]
    assert bob.get("/api/v1/auth/me").json()["impersonation"] is None
    sessions = bob.get("/api/v1/auth/sessions").json()["items"]
    assert sorted(session["impersonation"] for session in sessions) == [False, True]


def test_the_persons_organisations_and_the_platform_are_told(alice: Person, bob: Person) -> None:
    acting = act_as(alice, bob)
    assert acting.post("/api/v1/projects", {"name": "made by support"}).status_code == 201
    made, begun = actions(bob, bob.home)[:2]
    superadmin = alice.tokens["user"]["id"]
    assert made["action"] == "project.made" and made["actor"]["via"] == superadmin  # type: ignore[index]
    assert made["actor"]["id"] == bob.tokens["user"]["id"]  # type: ignore[index]
    assert begun["action"] == "impersonation.begun" and begun["actor"]["id"] == superadmin  # type: ignore[index]
    assert begun["metadata"] == {"after": {"reason": "ticket 17"}}
    platform = alice.get("/api/v1/admin/audit-log", action="impersonation").json()["items"]
    assert platform[0]["target"]["id"] == bob.tokens["user"]["id"]
    assert acting.delete("/api/v1/auth/impersonation").status_code == 204
    assert actions(bob, bob.home)[0]["action"] == "impersonation.ended"
    assert acting.get("/api/v1/auth/me").status_code == 401
    assert alice.delete("/api/v1/auth/impersonation").status_code == 409, "nobody is acted as now"


def test_nothing_that_guards_the_account_can_be_touched(alice: Person, bob: Person) -> None:
    acting = act_as(alice, bob)
    tried = {
        ("POST", "/api/v1/auth/change-password"): {"currentPassword": PASSWORD, "password": "another 9 horses"},
        ("POST", "/api/v1/auth/change-email"): {"email": "x@example.com", "password": PASSWORD},
        ("POST", "/api/v1/auth/delete-account"): {"password": PASSWORD},
        ("POST", "/api/v1/auth/totp"): {"password": PASSWORD},
        ("POST", "/api/v1/auth/totp/confirm"): {"code": "123456"},
        ("POST", "/api/v1/auth/passkeys/options"): {"password": PASSWORD},
        ("POST", "/api/v1/auth/tokens"): {"name": "x", "scopes": ["read"], "password": PASSWORD},
        ("DELETE", "/api/v1/auth/sessions"): None,
        ("GET", "/api/v1/auth/sessions"): None,
        ("POST", "/api/v1/auth/verify-email/resend"): None,
        ("GET", "/api/v1/admin/users"): None,
        ("POST", f"/api/v1/admin/users/{bob.tokens['user']['id']}/impersonate"): WHY,
    }
    answers = {what: acting.call(*what, body).status_code for what, body in tried.items()}
    assert set(answers.values()) == {403}, answers


def test_it_ends_by_itself(app: App, hand: Hand, alice: Person, bob: Person) -> None:
    acting = act_as(alice, bob)
    hand.move(minutes=14)
    assert acting.get("/api/v1/auth/me").status_code == 200
    hand.move(minutes=2)
    assert acting.get("/api/v1/auth/me").status_code == 401


def test_what_it_has_opened_ends_with_it(app: App, hand: Hand, alice: Person, bob: Person) -> None:
    act_as(alice, bob)
    sessions = bob.get("/api/v1/auth/sessions").json()["items"]
    (acting,) = [each["id"] for each in sessions if each["impersonation"]]
    who = (acting, bob.tokens["user"]["id"])
    with app.db.read() as session:  # as sockets ask, which outlive the token that opened them
        assert session_holder(session, *who, hand.now() + timedelta(minutes=14)).via_id == alice.tokens["user"]["id"]
        with pytest.raises(Unauthenticated):
            session_holder(session, *who, hand.now() + timedelta(minutes=16))


@pytest.mark.parametrize("how", ["signs out", "is disabled", "is none any more"])
def test_it_ends_with_the_superadmin(app: App, alice: Person, bob: Person, how: str) -> None:
    dora = sign_up(app, "dora")
    user = f"/api/v1/admin/users/{dora.tokens['user']['id']}"
    assert alice.patch(user, {"superadmin": True}).status_code == 200
    acting = act_as(dora, bob)
    assert acting.get("/api/v1/auth/me").status_code == 200
    if how == "signs out":
        assert dora.post("/api/v1/auth/logout").status_code == 204
    else:
        change = {"status": "disabled"} if how == "is disabled" else {"superadmin": False}
        assert alice.patch(user, change).status_code == 200
    assert acting.get("/api/v1/auth/me").status_code == 401


def test_nobody_acts_as_a_superadmin_nor_goes_on_when_they_become_one(app: App, alice: Person, bob: Person) -> None:
    own = f"/api/v1/admin/users/{alice.tokens['user']['id']}/impersonate"
    assert alice.post(own, WHY).status_code == 403
    assert bob.post(own, WHY).status_code == 403
    acting = act_as(alice, bob)
    user = f"/api/v1/admin/users/{bob.tokens['user']['id']}"
    assert alice.patch(user, {"superadmin": True}).status_code == 200
    assert acting.get("/api/v1/auth/me").status_code == 401
    assert alice.patch(user, {"superadmin": False, "status": "disabled"}).status_code == 200
    assert alice.post(f"{user}/impersonate", WHY).status_code == 409
    assert alice.post("/api/v1/admin/users/nobody/impersonate", WHY).status_code == 404


def test_a_personal_access_token_opens_no_session(app: App, alice: Person, bob: Person) -> None:
    asked = {"name": "x", "scopes": ["write", "admin"], "password": PASSWORD}
    token = alice.post("/api/v1/auth/tokens", asked).json()["token"]
    answer = app.http.post(
        f"/api/v1/admin/users/{bob.tokens['user']['id']}/impersonate",
        json=WHY,
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


def test_in_a_browser_only_the_access_cookie_changes_and_a_refresh_brings_the_superadmin_back(
    app: App, alice: Person, bob: Person
) -> None:
    web = app.http
    web.post("/api/v1/auth/login", json={"email": alice.email, "password": PASSWORD})
    csrf = {"x-csrf-token": web.cookies["pb_csrf"]}
    try:
        path = f"/api/v1/admin/users/{bob.tokens['user']['id']}/impersonate"
        assert web.post(path, json=WHY).status_code == 403, "without the CSRF token"
        assert web.post(path, json=WHY, headers=csrf).status_code == 201
        assert web.get("/api/v1/auth/me").json()["email"] == bob.email
        assert web.post("/api/v1/orgs", json={"name": "x"}, headers=csrf).status_code == 201
        assert web.delete("/api/v1/auth/impersonation", headers=csrf).status_code == 204
        assert web.get("/api/v1/auth/me").status_code == 401
        assert web.post("/api/v1/auth/refresh", headers=csrf).status_code == 200
        assert web.get("/api/v1/auth/me").json()["email"] == alice.email
    finally:
        web.cookies.clear()


def test_the_person_can_end_it(alice: Person, bob: Person) -> None:
    acting = act_as(alice, bob)
    assert bob.delete("/api/v1/auth/sessions").status_code == 204
    assert acting.get("/api/v1/auth/me").status_code == 401


def test_a_superadmin_signs_in_by_password_where_nobody_else_may(app: App, alice: Person, bob: Person) -> None:
    assert alice.patch("/api/v1/admin/settings", {"passwordSignIn": False}).status_code == 200
    body = {"email": bob.email, "password": PASSWORD}
    refused = app.http.post("/api/v1/auth/login", json=body)
    assert refused.status_code == 401 and refused.json()["type"] == "password-sign-in-off"
    wrong = app.http.post("/api/v1/auth/login", json=body | {"password": "not the one of 9"})
    assert wrong.json()["type"] == "unauthenticated", "what is off is told only to who has the password"
    sign_in(app, alice.email)
    assert alice.patch("/api/v1/admin/settings", {"passwordSignIn": True}).status_code == 200
    sign_in(app, bob.email)
