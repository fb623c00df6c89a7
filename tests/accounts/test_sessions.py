"""Sessions, personal access tokens, keys that turn, and leaving."""

from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from tests.accounts.world import World, faults
from tests.control.cast import PASSWORD, Person

from pulseboard import accounts
from pulseboard.accounts import User, load_keyring, verified
from pulseboard.errors import Forbidden, Unauthenticated

SESSIONS, TOKENS = "/api/v1/auth/sessions", "/api/v1/auth/tokens"


def test_a_person_sees_their_sessions_and_ends_them(world: World, alice: Person, bob: Person) -> None:
    phone = world.enter(alice)
    listed = alice.get(SESSIONS).json()
    assert listed["total"] == 2 and [each["current"] for each in listed["items"]] == [True, False]
    assert listed["items"][0]["address"] == "127.0.0.1" and "python-httpx" in listed["items"][0]["userAgent"]
    other = listed["items"][1]["id"]
    assert bob.delete(f"{SESSIONS}/{other}").status_code == 404
    assert alice.delete(f"{SESSIONS}/{other}").status_code == 204
    assert not world.alive(phone) and world.alive(alice)
    assert alice.delete(f"{SESSIONS}/{other}").status_code == 404
    assert world.call("refresh", refreshToken=phone.tokens["refreshToken"]).status_code == 401


def test_all_others_are_ended_at_once(world: World, alice: Person, bob: Person) -> None:
    others = [world.enter(alice) for _ in range(3)]
    assert alice.delete(SESSIONS).status_code == 204
    assert world.alive(alice) and world.alive(bob) and not any(world.alive(each) for each in others)
    assert alice.get(SESSIONS).json()["total"] == 1


def make(person: Person, *scopes: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    body = {"name": "ci", "scopes": scopes, "password": PASSWORD} | more
    answer = person.post(TOKENS, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def call(world: World, token: str, method: str, path: str, body: object = None) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return world.app.http.request(method, path, headers=headers, json=body).status_code


def test_a_token_acts_for_its_person_as_far_as_its_scopes_go(world: World, alice: Person) -> None:
    read, write = make(alice, "read"), make(alice, "write")
    assert read["token"].startswith("pat_") and read["token"].startswith(read["prefix"])
    for token, made in ((read["token"], 403), (write["token"], 201)):
        assert call(world, token, "GET", "/api/v1/projects") == 200
        assert call(world, token, "GET", "/api/v1/auth/me") == 200
        assert call(world, token, "POST", "/api/v1/projects", {"name": "by token"}) == made
    assert "by token" in [each["name"] for each in alice.get("/api/v1/projects").json()["items"]]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", SESSIONS, None),
        ("DELETE", SESSIONS, None),
        ("PATCH", "/api/v1/auth/me", {"name": "x"}),
        ("POST", TOKENS, {"name": "x", "scopes": ["write"], "password": PASSWORD}),
        ("POST", "/api/v1/auth/change-password", {"currentPassword": PASSWORD, "password": "another long passphrase"}),
        ("POST", "/api/v1/auth/change-email", {"email": "x@example.com", "password": PASSWORD}),
        ("POST", "/api/v1/auth/delete-account", {"password": PASSWORD}),
        ("POST", "/api/v1/auth/logout", None),
        ("POST", "/auth/totp/", {"password": PASSWORD}),
        ("GET", "/api/v1/auth/security", None),
    ],
)
def test_no_token_touches_the_account_itself(world: World, alice: Person, method: str, path: str, body: object) -> None:
    token = make(alice, "read", "write")["token"]
    assert call(world, token, method, path, body) == 403
    assert world.alive(alice)


def test_only_a_superadmins_token_with_the_scope_opens_administration(world: World, alice: Person) -> None:
    assert alice.post(TOKENS, {"name": "x", "scopes": ["admin"], "password": PASSWORD}).status_code == 403
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).superadmin = True
    plain, admin = make(alice, "write")["token"], make(alice, "admin")["token"]

    def actor(token: str) -> accounts.Actor:
        return accounts.bearer_actor(world.app.db, world.hand.now, world.app.keyring, token)

    assert (actor(plain).superadmin, actor(admin).superadmin) == (False, True)
    for token, may in ((plain, False), (admin, True)):
        try:
            accounts.check_scope(actor(token), "/api/v1/admin/users", reads=True)
            passed = True
        except Forbidden:
            passed = False
        assert passed == may
    assert call(world, admin, "GET", "/api/v1/projects") == 403, "admin alone is not read"


def test_questions_that_are_asked_by_post_are_reading() -> None:
    reader = accounts.Actor(user_id="u", token_id="t", scopes=frozenset({"read"}))
    accounts.check_scope(reader, "/api/v1/insights/funnel", reads=False)
    for path in ("/api/v1/projects/{project_id}/insights", "/api/v1/insights", "/api/v1/admin/users"):
        with pytest.raises(Forbidden):
            accounts.check_scope(reader, path, reads=False)


def test_a_token_ends_by_time_by_hand_and_with_its_person(world: World, alice: Person, bob: Person) -> None:
    short, endless = make(alice, "read", expiresInDays=1), make(alice, "read", expiresInDays=None)
    assert endless["expiresAt"] is None
    world.wait(days=1)
    assert call(world, short["token"], "GET", "/api/v1/projects") == 401
    assert call(world, endless["token"], "GET", "/api/v1/projects") == 200
    alice, bob = world.enter(alice), world.enter(bob)
    assert bob.delete(f"{TOKENS}/{endless['id']}").status_code == 404
    assert alice.delete(f"{TOKENS}/{endless['id']}").status_code == 204
    assert call(world, endless["token"], "GET", "/api/v1/projects") == 401
    last = make(alice, "read")
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).status = "disabled"
    assert call(world, last["token"], "GET", "/api/v1/projects") == 401


def test_a_token_is_shown_once_and_its_use_is_noted_now_and_then(world: World, alice: Person) -> None:
    made = make(alice, "read")
    listed = alice.get(TOKENS).json()["items"]
    assert "token" not in listed[0] and listed[0]["lastUsedAt"] is None
    database = b"".join(path.read_bytes() for path in world.app.settings.server.data_dir.glob("control.db*"))
    assert made["token"].encode() not in database
    call(world, made["token"], "GET", "/api/v1/projects")
    first = alice.get(TOKENS).json()["items"][0]["lastUsedAt"]
    world.wait(minutes=4)
    call(world, made["token"], "GET", "/api/v1/projects")
    assert alice.get(TOKENS).json()["items"][0]["lastUsedAt"] == first
    world.wait(minutes=2)
    call(world, made["token"], "GET", "/api/v1/projects")
    assert alice.get(TOKENS).json()["items"][0]["lastUsedAt"] > first


@pytest.mark.parametrize("token", ["pat_", "pat_x", "pat_" + "a" * 43, "pat_é", "PAT_x"])
def test_made_up_tokens_open_nothing(world: World, token: str) -> None:
    headers = {"authorization": f"Bearer {token}".encode()}
    assert world.app.http.get("/api/v1/projects", headers=headers).status_code == 401
    assert world.app.http.get("/api/v1/projects", headers={"cookie": b"pb_access=" + token.encode()}).status_code == 401


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expiresInDays": 0}, "expiresInDays"),
        ({"expiresInDays": 367}, "expiresInDays"),
        ({"password": "wrong"}, "password"),
    ],
)
def test_making_a_token_names_what_is_wrong(alice: Person, change: dict[str, object], path: str) -> None:
    body = {"name": "x", "scopes": ["read"], "password": PASSWORD} | change
    assert [each.partition(".")[0] for each in faults(alice.post(TOKENS, body))] == [path]


def test_an_old_signing_key_is_believed_until_its_tokens_are_over(world: World, alice: Person) -> None:
    keyring, now = load_keyring(world.app.settings.server.data_dir), world.hand.at
    before, old = keyring.access_token("u", "s", now), keyring.current
    keyring.rotate(now)
    after = keyring.access_token("u", "s", now)
    assert jwt.get_unverified_header(after)["kid"] != old
    assert keyring.read_access_token(before, now) == keyring.read_access_token(after, now)
    again = load_keyring(world.app.settings.server.data_dir)
    assert again.read_access_token(before, now) == again.read_access_token(after, now), "a restart forgets neither"
    keyring.keep_fresh(now + timedelta(minutes=16))
    assert list(keyring.jwt_keys) == [keyring.current]
    forged = jwt.encode(jwt.decode(before, options={"verify_signature": False}), b"k" * 32, "HS256", {"kid": old})
    for token in (before, forged):
        with pytest.raises(Unauthenticated):
            keyring.read_access_token(token, now)
    assert keyring.path.stat().st_mode & 0o777 == 0o600


def test_keys_turn_after_thirty_days_and_not_before(world: World) -> None:
    keyring = load_keyring(world.app.settings.server.data_dir)
    keyring.rotate(world.hand.at)
    first = keyring.current
    keyring.keep_fresh(world.hand.at + timedelta(days=29))
    assert keyring.current == first
    keyring.keep_fresh(world.hand.at + timedelta(days=30))
    assert keyring.current != first and first in keyring.jwt_keys


def test_who_leaves_is_out_at_once_and_comes_back_by_signing_in(world: World, alice: Person) -> None:
    path = "/api/v1/auth/delete-account"
    assert faults(alice.post(path, {"password": "wrong"})) == ["password"]
    token = make(alice, "read")["token"]
    answer = alice.post(path, {"password": PASSWORD})
    assert (
        answer.status_code == 202 and answer.json()["deletesAt"] == f"{world.hand.at + timedelta(days=14):%FT%T}.000Z"
    )
    assert not world.alive(alice) and call(world, token, "GET", "/api/v1/projects") == 401
    assert world.names(alice.email)[-1] == "account-deletion"
    world.wait(days=13)
    accounts.tidy(world.app.desk)
    back = world.enter(alice)
    assert back.get("/api/v1/auth/me").json()["status"] == "active"
    world.wait(days=2)
    accounts.tidy(world.app.desk)
    assert world.login(alice.email).status_code == 200
    assert world.audited(alice)[-4:-1] == ["person.leaves", "person.came-back", "sign-in.done"]


def test_who_stays_away_is_deleted_with_everything_that_was_theirs(world: World, alice: Person) -> None:
    project = alice.project()
    key = alice.key(project["id"])["key"]
    assert alice.post("/api/v1/auth/delete-account", {"password": PASSWORD}).status_code == 202
    world.wait(days=14)
    accounts.tidy(world.app.desk)
    assert world.login(alice.email).status_code == 401
    assert world.audited(alice)[-1] == "person.deleted"
    world.app.grants.load(key)
    assert world.app.http.get(f"/api/v1/projects/{project['id']}", headers={"x-api-key": key}).status_code in (401, 404)
    again = world.app.http.post("/api/v1/auth/register", json={"email": alice.email, "password": PASSWORD})
    world.app.http.cookies.clear()
    assert again.status_code == 201, "the address is free again"


def test_the_last_superadmin_does_not_leave(make_world: Any) -> None:  # noqa: ANN401
    world: World = make_world()
    alice = world.sign_up("alice")
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).superadmin = True
    assert alice.post("/api/v1/auth/delete-account", {"password": PASSWORD}).status_code == 409


def test_only_who_has_confirmed_an_address_is_verified(world: World) -> None:
    def actor(person: Person) -> accounts.Actor:
        return accounts.bearer_actor(world.app.db, world.hand.now, world.app.keyring, str(person.tokens["accessToken"]))

    assert verified(actor(world.verified("alice"))).email_verified
    with pytest.raises(Forbidden) as refused:
        verified(actor(world.sign_up("alice")))
    assert refused.value.type == "email-unverified"
    with pytest.raises(Forbidden):
        verified(accounts.Actor(key_id="k"))


def test_what_is_over_is_forgotten(make_world: Any) -> None:  # noqa: ANN401
    world: World = make_world()
    alice = world.sign_up("alice")
    world.call("forgot-password", email="x@example.com")
    world.call("passkey-sign-in/options")
    world.login(alice.email, "wrong")
    world.wait(days=40)
    accounts.tidy(world.app.desk)
    with world.app.db.read() as session:
        for table in ("challenges", "account_tokens", "sign_in_failures", "login_sessions"):
            assert session.connection().exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() == 0, table


def test_calls_cost_few_statements(world: World, alice: Person) -> None:
    costs: dict[str, int] = {}

    def cost(name: str, answer: httpx.Response) -> None:
        assert answer.status_code < 300, (name, answer.text)
        lines = [each for each in world.app.statements if not each.startswith(("BEGIN", "PRAGMA"))]
        costs[name] = len(lines)
        world.app.statements.clear()

    world.app.statements.clear()
    cost("me", alice.get("/api/v1/auth/me"))
    cost("rename", alice.patch("/api/v1/auth/me", {"name": "Alice B."}))
    cost("sessions", alice.get(SESSIONS))
    cost("tokens", alice.get(TOKENS))
    cost("passkeys", alice.get("/api/v1/auth/passkeys"))
    cost("security", alice.get("/api/v1/auth/security"))
    cost("methods", world.app.http.get("/api/v1/auth/methods"))
    cost("forgot", world.call("forgot-password", email=alice.email))
    cost("refresh", world.call("refresh", refreshToken=alice.tokens["refreshToken"]))
    assert max(costs.values()) <= 3, costs
