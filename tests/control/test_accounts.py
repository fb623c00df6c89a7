"""A person's life here: registering, signing in, renewing, leaving."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from tests.control.cast import PASSWORD, App, Person, sign_up

from pulseboard import accounts, orgs
from pulseboard.accounts import passwords
from pulseboard.errors import Invalid, Unauthenticated


def login(app: App, email: str, password: str = PASSWORD) -> dict[str, str]:
    answer = app.http.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    app.http.cookies.clear()
    return dict(answer.json())


def refresh(app: App, token: str) -> int:
    answer = app.http.post("/api/v1/auth/refresh", json={"refreshToken": token})
    app.http.cookies.clear()
    return answer.status_code


def test_registering_signs_in_and_makes_a_personal_organisation(app: App) -> None:
    dana = sign_up(app, "dana")
    assert dana.tokens["tokenType"] == "Bearer" and dana.tokens["expiresIn"] == 900
    me = dana.get("/api/v1/auth/me").json()
    assert me == dana.tokens["user"]
    assert me["email"] == dana.email and me["status"] == "active" and me["emailVerified"] is False
    assert me["roles"] == ["user"]
    assert [(o["name"], o["role"]) for o in me["orgs"]] == [("dana", "owner")]


def test_the_same_address_in_another_case_is_the_same_person(app: App, alice: Person) -> None:
    again = app.http.post("/api/v1/auth/register", json={"email": alice.email.upper(), "password": PASSWORD})
    assert again.status_code == 409
    assert login(app, alice.email.upper())["user"] == alice.tokens["user"]  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"email": "no-address", "password": PASSWORD}, "email"),
        ({"email": "a@b", "password": PASSWORD}, "email"),
        ({"email": "a b@example.com", "password": PASSWORD}, "email"),
        ({"email": "x" * 65 + "@example.com", "password": PASSWORD}, "email"),
        ({"password": PASSWORD}, "email"),
        ({"email": "new@example.com", "password": "short"}, "password"),
        ({"email": "new@example.com", "password": "Password123!"}, "password"),
        ({"email": "new@example.com", "password": "p" * 300}, "password"),
        ({"email": "new@example.com", "password": PASSWORD, "role": "superadmin"}, "role"),
        ({"email": "new@example.com", "password": PASSWORD, "name": 5}, "name"),
        ({"email": "new@example.com", "password": PASSWORD, "name": "n" * 201}, "name"),
    ],
)
def test_registering_names_the_field_that_it_refuses(app: App, body: dict[str, object], path: str) -> None:
    answer = app.http.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["path"] for fault in answer.json()["errors"]] == [path]


@pytest.mark.parametrize(
    "password",
    ["password123", "P@ssw0rd2024", "1234567890", "qwertyuiop", "0987654321q", "aaaaaaaaaaaa", "abcabcabcabc",
     "1q2w3e4r5t6y", "passwordpassword", "Summer2024!!", "letmein12345", "alice@example.com", "pulseboard1!"],
)  # fmt: skip
def test_what_guessers_try_first_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_password(password, "alice@example.com")


@pytest.mark.parametrize(
    "password", [PASSWORD, "kJ8#mQ2$xZ", "пароль-длинный", "天地玄黄宇宙洪荒日月", "a long enough passphrase 1"]
)
def test_what_is_hard_to_guess_is_a_password(password: str) -> None:
    passwords.check_password(password, "alice@example.com")


def test_unknown_address_and_wrong_password_are_told_apart_by_nothing(app: App, alice: Person) -> None:
    def attempt(email: str) -> tuple[float, int, str]:
        started = time.perf_counter()
        answer = app.http.post("/api/v1/auth/login", json={"email": email, "password": "not the password"})
        return time.perf_counter() - started, answer.status_code, answer.text

    known = [attempt(alice.email) for _ in range(5)]
    unknown = [attempt("nobody@example.com") for _ in range(5)]
    assert {status for _, status, _ in known + unknown} == {401}
    assert len({text for _, _, text in known + unknown}) == 1
    ratio = min(t for t, _, _ in known) / min(t for t, _, _ in unknown)
    assert 0.25 < ratio < 4, "one of the two skips the hash"


def test_a_disabled_person_is_out_at_once(app: App) -> None:
    erin = sign_up(app, "erin")
    with app.db.write() as session:
        session.get_one(accounts.User, erin.tokens["user"]["id"]).status = "disabled"
    assert erin.get("/api/v1/auth/me").status_code == 401
    assert app.http.post("/api/v1/auth/login", json={"email": erin.email, "password": PASSWORD}).status_code == 401
    assert refresh(app, erin.tokens["refreshToken"]) == 401


def test_a_refresh_token_is_spent_by_its_use(app: App, alice: Person) -> None:
    pair = login(app, alice.email)
    renewed = app.http.post("/api/v1/auth/refresh", json={"refreshToken": pair["refreshToken"]}).json()
    app.http.cookies.clear()
    assert renewed["refreshToken"] != pair["refreshToken"]
    again = app.http.post("/api/v1/auth/refresh", json={"refreshToken": renewed["refreshToken"]}).json()
    app.http.cookies.clear()
    assert refresh(app, again["refreshToken"]) == 200


def test_showing_a_spent_token_ends_the_whole_family(app: App, alice: Person) -> None:
    pair, elsewhere = login(app, alice.email), login(app, alice.email)
    renewed = app.http.post("/api/v1/auth/refresh", json={"refreshToken": pair["refreshToken"]}).json()
    app.http.cookies.clear()
    assert refresh(app, pair["refreshToken"]) == 401
    assert refresh(app, renewed["refreshToken"]) == 401
    me = app.http.get("/api/v1/auth/me", headers={"authorization": f"Bearer {renewed['accessToken']}"})
    assert me.status_code == 401, "the family's access tokens end with it"
    assert refresh(app, elsewhere["refreshToken"]) == 200, "another sign-in is another family"


def test_of_two_uses_at_once_one_wins_and_the_family_ends(app: App, alice: Person) -> None:
    for _ in range(5):
        token = login(app, alice.email)["refreshToken"]
        with ThreadPoolExecutor(2) as pool:
            body = {"refreshToken": token}
            uses = [pool.submit(app.http.post, "/api/v1/auth/refresh", json=body) for _ in range(2)]
        answers = [use.result() for use in uses]
        app.http.cookies.clear()
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        (winner,) = (answer.json() for answer in answers if answer.status_code == 200)
        assert refresh(app, winner["refreshToken"]) == 401


def test_logging_out_ends_both_tokens(app: App) -> None:
    finn = sign_up(app, "finn")
    assert finn.call("POST", "/api/v1/auth/logout").status_code == 204
    assert finn.get("/api/v1/auth/me").status_code == 401
    assert refresh(app, finn.tokens["refreshToken"]) == 401


def test_logging_out_also_ends_the_family_of_the_token_in_the_body(app: App) -> None:
    gina = sign_up(app, "gina")
    other = login(app, gina.email)
    assert gina.post("/api/v1/auth/logout", {"refreshToken": other["refreshToken"]}).status_code == 204
    assert refresh(app, other["refreshToken"]) == 401


def test_a_person_changes_their_name_and_nothing_else(alice: Person) -> None:
    assert alice.patch("/api/v1/auth/me", {"name": " Alice A. "}).json()["name"] == "Alice A."
    assert alice.patch("/api/v1/auth/me", {}).json()["name"] == "Alice A."
    assert alice.patch("/api/v1/auth/me", {"superadmin": True}).status_code == 422
    assert alice.get("/api/v1/auth/me").json()["roles"] == ["user"]


def test_trackmints_names_stand_beside_ours(app: App, alice: Person) -> None:
    pair = login(app, alice.email)
    renewed = app.http.post("/api/token/refresh", json={"refresh": pair["refreshToken"]}).json()
    app.http.cookies.clear()
    assert renewed["access"] == renewed["accessToken"] and renewed["refresh"] == renewed["refreshToken"]
    assert app.http.post("/api/token/refresh", json={"refreshToken": renewed["refresh"]}).status_code == 200
    app.http.cookies.clear()
    assert app.http.post("/api/token/refresh", json={}).status_code == 401


def forged(app: App, alice: Person) -> dict[str, str]:
    """Access tokens that nobody should believe."""
    real = alice.tokens["accessToken"]
    claims = jwt.decode(real, options={"verify_signature": False})
    header = jwt.get_unverified_header(real)
    key = app.keyring.jwt_keys[header["kid"]]
    past = datetime.now(UTC) - timedelta(minutes=16)
    endless = {name: value for name, value in claims.items() if name != "exp"}
    return {
        "alg none": jwt.encode(claims, None, "none", headers={"kid": header["kid"]}),
        "foreign key": jwt.encode(claims, b"k" * 32, "HS256", headers={"kid": header["kid"]}),
        "unknown key id": jwt.encode(claims, key, "HS256", headers={"kid": "zz"}),
        "no key id": jwt.encode(claims, key, "HS256"),
        "another algorithm": jwt.encode(claims, key + b"0" * 32, "HS512", headers={"kid": header["kid"]}),
        "expired": app.keyring.access_token(claims["sub"], claims["sid"], past),
        "somebody else's session": app.keyring.access_token("0" * 36, claims["sid"], datetime.now(UTC)),
        "unknown session": app.keyring.access_token(claims["sub"], "0" * 36, datetime.now(UTC)),
        "no expiry": jwt.encode(endless, key, "HS256", headers={"kid": header["kid"]}),
        "tampered": real[:-3] + ("AAA" if real[-3:] != "AAA" else "BBB"),
        "not a token": "hello",
        "a refresh token": alice.tokens["refreshToken"],
    }  # fmt: skip


def test_no_forged_access_token_is_believed(app: App, alice: Person) -> None:
    assert alice.get("/api/v1/auth/me").status_code == 200
    for what, token in forged(app, alice).items():
        answer = app.http.get("/api/v1/auth/me", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401, what
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Token abc", "é"])
def test_no_other_authorization_is_understood(app: App, header: str) -> None:
    assert app.http.get("/api/v1/auth/me", headers={"authorization": header.encode()}).status_code == 401


def test_a_refresh_token_cannot_be_made_up(app: App, alice: Person) -> None:
    real = alice.tokens["refreshToken"]
    session_id, generation, mac = real.split(".")
    for token in ("", "x", f"{session_id}.1.{mac}", f"{session_id}.{generation}.{mac[:-2]}AA", "..", real + "x"):
        assert refresh(app, token) == 401
    assert refresh(app, real) == 200, "a forgery must not end the family that it names"


def test_keys_are_made_once_readable_by_nobody_else_and_survive_a_restart(app: App) -> None:
    path = app.settings.server.data_dir / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    again = accounts.load_keyring(app.settings.server.data_dir)
    token = app.keyring.access_token("u", "s", datetime.now(UTC))
    assert again.read_access_token(token, datetime.now(UTC)).user_id == "u"


def test_an_access_token_lives_fifteen_minutes_by_the_injected_clock(app: App) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    token = app.keyring.access_token("u", "s", now)
    assert app.keyring.read_access_token(token, now + timedelta(minutes=14, seconds=59)).session_id == "s"
    with pytest.raises(Unauthenticated):
        app.keyring.read_access_token(token, now + timedelta(minutes=15))


def test_a_person_made_by_a_command_can_sign_in(app: App) -> None:
    made = accounts.add_person(
        app.db, lambda: datetime.now(UTC), orgs.HOMES, email="root@example.com", password=PASSWORD, superadmin=True
    )
    assert made.user.superadmin
    pair = login(app, "root@example.com")
    assert pair["user"]["roles"] == ["user", "superadmin"]  # type: ignore[index]
