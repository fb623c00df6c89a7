"""Signing in elsewhere, at a real OpenID Connect server; what that one never says is signed by hand."""

import base64
import hmac
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from bench.served import free_port
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.accounts.world import Hand, World
from tests.control.cast import PASSWORD, start_app

from pulseboard.accounts import User, oidc
from pulseboard.accounts.elsewhere import Distrusted, Elsewhere, read_id_token
from pulseboard.audit import Caller
from pulseboard.db import Database
from pulseboard.policy import choose
from pulseboard.settings import Oidc

ROOT = Path(__file__).resolve().parents[2]
SERVER = "tests/accounts/oidc_server/server.mjs"
CALLBACK = "/api/v1/auth/oidc/callback"
_count = iter(range(1, 10_000))


@dataclass
class Other:
    """Our server, and the process of the other one that it trusts."""

    world: World
    process: subprocess.Popen[bytes]

    def knows(self, email: str, verified: str = "verified", login: str = "") -> str:
        """Somebody there, and their login."""
        login = login or f"somebody-{next(_count)}"
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{login}|{email}|{verified}|Dana D.\n".encode())
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"known\n"
        return login


@dataclass
class Browser:
    """A browser with its cookies, at our server and at the other one; ``at`` is where a redirect of ours has led."""

    other: "Other"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    @property
    def world(self) -> World:
        return self.other.world

    def depart(self, wanted: str = "") -> str:
        """Where our server sends the browser."""
        answer = self.http.get(f"{self.world.app.url}/api/v1/auth/oidc/start", params={"next": wanted})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def elsewhere(self, address: str, login: str) -> str:
        """Signs in at the other server and agrees; the address to which that one sends the browser back."""
        answer = self.http.get(address)
        for _ in range(12):
            if answer.status_code in (302, 303):
                address = str(answer.next_request.url) if answer.next_request else ""
                if CALLBACK in address:
                    return address
                answer = self.http.get(address)
                continue
            assert answer.status_code == 200, answer.text
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert prompt, answer.text
            form = {"prompt": prompt[1]} | ({"login": login, "password": "x"} if prompt[1] == "login" else {})
            answer = self.http.post(address, data=form)
        raise AssertionError("the other server does not let go")

    def back(self, address: str) -> str:
        """Comes back to our server, and where that one sends the browser then."""
        answer = self.http.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def sign_in(self, login: str, wanted: str = "") -> str:
        return self.back(self.elsewhere(self.depart(wanted), login))

    def me(self) -> httpx.Response:
        return self.http.get(f"{self.world.app.url}/api/v1/auth/me")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    port, ours = free_port(), free_port()
    settings = Oidc(f"http://127.0.0.1:{port}", "pulseboard", "a secret of these tests & more", "Example")
    clock = lambda: datetime.now(UTC)  # noqa: E731 -- the other server has no clock that we could move
    app, stop = start_app(
        tmp_path_factory.mktemp("oidc"), clock=clock, oidc=settings, port=ours, public_url=f"http://127.0.0.1:{ours}"
    )
    redirect = app.settings.server.base_url + CALLBACK
    command = ["tools/with-node", "node", SERVER, str(port), settings.client_id, settings.client_secret, redirect]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout and process.stdin
    said = process.stdout.readline()
    assert said == b"ready\n", f"{said!r}: install it with make {SERVER.replace('server.mjs', 'node_modules/.stamp')}"
    yield Other(World(app, Hand()), process)
    process.stdin.close()
    process.wait(10)
    stop()


@pytest.fixture
def browser(other: Other) -> Browser:
    return Browser(other)


def test_a_stranger_from_elsewhere_gets_an_account_and_comes_back_to_the_same(browser: Browser) -> None:
    login = browser.other.knows("dana@example.com")
    assert browser.sign_in(login, "/app/projects/x?range=7d") == "/app/projects/x?range=7d"
    me = browser.me().json()
    assert (me["email"], me["emailVerified"], me["name"]) == ("dana@example.com", True, "Dana D.")
    again = Browser(browser.other)
    assert again.sign_in(login) == "/app/"
    assert again.me().json()["id"] == me["id"]
    assert browser.world.login("dana@example.com", "").status_code == 401, "no password is no password"


def test_who_has_moved_elsewhere_is_known_by_more_than_an_address(browser: Browser) -> None:
    browser.sign_in(browser.other.knows("erin@example.com", login="erin"))
    first = browser.me().json()["id"]
    again = Browser(browser.other)
    again.sign_in(browser.other.knows("erin-moved@example.com", login="erin"))
    assert again.me().json()["id"] == first


def test_an_account_is_entered_from_elsewhere_when_both_sides_have_confirmed_the_address(browser: Browser) -> None:
    alice = browser.world.verified("alice")
    assert browser.sign_in(browser.other.knows(alice.email.upper())) == "/app/"
    assert browser.me().json()["id"] == alice.tokens["user"]["id"]
    assert browser.world.letters(alice.email)[-1].subject == "Your account can be entered from elsewhere"
    (identity,) = alice.get("/api/v1/auth/security").json()["identities"]
    assert alice.delete(f"/api/v1/auth/identities/{identity['id']}").status_code == 204
    assert alice.get("/api/v1/auth/security").json()["identities"] == []


@pytest.mark.parametrize("verified", ["unverified", ""])
def test_an_address_that_the_other_server_has_not_confirmed_is_nobodys(browser: Browser, verified: str) -> None:
    alice = browser.world.verified("alice")
    assert browser.sign_in(browser.other.knows(alice.email, verified)) == "/app/login?problem=oidc-email"
    assert browser.me().status_code == 401


def test_who_registered_with_somebody_elses_address_does_not_get_them_as_a_guest(browser: Browser) -> None:
    mallory = browser.world.sign_up("alice")
    assert browser.sign_in(browser.other.knows(mallory.email)) == "/app/login?problem=oidc-unverified"
    assert browser.me().status_code == 401


def test_where_people_come_by_invitation_nobody_new_comes_from_elsewhere(browser: Browser) -> None:
    desk = browser.world.app.desk
    closed = replace(desk.settings, access=replace(desk.settings.access, registration="invite"))
    address = browser.elsewhere(browser.depart(), browser.other.knows("fresh@example.com"))
    said = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    own = Database(str(desk.db.engine.url))  # with a memory of its own of what holds
    with pytest.raises(oidc.Turned, match="oidc-unknown"):
        oidc.come_back(replace(desk, settings=closed, db=own), Caller(), said, browser.http.cookies["pb_oidc"])
    own.close()


def test_a_disabled_person_is_disabled_from_elsewhere_too(browser: Browser) -> None:
    login = browser.other.knows("gone@example.com")
    assert browser.sign_in(login) == "/app/"
    me = browser.me()
    assert me.status_code == 200, me.text
    with browser.world.app.db.write() as session:
        session.get_one(User, me.json()["id"]).status = "disabled"
    assert browser.sign_in(login) == "/app/login?problem=oidc-refused"


def test_a_way_back_is_gone_once_and_by_the_browser_that_left(browser: Browser) -> None:
    address = browser.elsewhere(browser.depart(), browser.other.knows("once@example.com"))
    with httpx.Client(trust_env=False) as victim:
        answer = victim.get(address)
        assert answer.headers["location"] == "/app/login?problem=oidc-stale"
        assert "pb_access" not in victim.cookies, "a link signs nobody in as its sender"
    assert browser.back(address) == "/app/login?problem=oidc-stale", "an attempt uses it up"


def test_a_used_way_back_leads_nowhere(browser: Browser) -> None:
    address = browser.elsewhere(browser.depart(), browser.other.knows("twice@example.com"))
    cookie = browser.http.cookies["pb_oidc"]
    assert browser.back(address) == "/app/"
    replayed = httpx.get(address, headers={"cookie": f"pb_oidc={cookie}"}, trust_env=False)
    assert replayed.headers["location"] == "/app/login?problem=oidc-stale"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"state": "x"}, "oidc-stale"),
        ({"state": None}, "oidc-stale"),
        ({"code": "x"}, "oidc-failed"),
        ({"code": None, "error": "access_denied"}, "oidc-refused"),
        ({"iss": "https://evil.example"}, "oidc-failed"),
        ({"iss": None}, "oidc-failed"),
    ],
)
def test_what_was_changed_on_the_way_back_is_not_believed(
    browser: Browser, change: dict[str, str | None], problem: str
) -> None:
    address = browser.elsewhere(browser.depart(), browser.other.knows("changed@example.com"))
    said = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()} | change
    kept = {name: value for name, value in said.items() if value is not None}
    changed = address.split("?")[0] + "?" + urlencode(kept)
    assert browser.back(changed) == f"/app/login?problem={problem}"
    assert browser.me().status_code == 401


def test_the_code_of_another_departure_is_worth_nothing(browser: Browser) -> None:
    """Injected into one's own way back, as a thief of codes would; PKCE and the nonce are in between."""
    theirs = Browser(browser.other)
    stolen = parse_qs(urlsplit(theirs.elsewhere(theirs.depart(), browser.other.knows("victim@example.com"))).query)[
        "code"
    ][0]
    own = browser.elsewhere(browser.depart(), browser.other.knows("thief@example.com"))
    said = {name: value[0] for name, value in parse_qs(urlsplit(own).query).items()} | {"code": stolen}
    assert browser.back(own.split("?")[0] + "?" + urlencode(said)) == "/app/login?problem=oidc-failed"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/app//evil.example", "/app/..//evil.example",
     "/app/\\evil", "/app/%0d%0aSet-Cookie:x", "/apple", "javascript:alert(1)", "/app\n/x", "/app/x#y", "/app/é",
     "/app/a b", "/api/v1/auth/logout", "/app/../api", "a" * 999],
)  # fmt: skip
def test_nobody_is_sent_to_another_place_after_signing_in(wanted: str) -> None:
    assert oidc.safe_next(wanted) == "/app/"


@pytest.mark.parametrize("wanted", ["/app", "/app/", "/app/projects/0192-x/overview", "/app/x?a=b&c=d.e"])
def test_pages_of_the_dashboard_are_fine_places(wanted: str) -> None:
    assert oidc.safe_next(wanted) == wanted


def test_without_another_server_the_way_is_closed_and_one_that_is_down_is_said(world: World) -> None:
    assert world.app.http.get("/api/v1/auth/oidc/start").status_code == 503
    assert world.app.http.get(CALLBACK, params={"code": "x", "state": "y"}).status_code == 503
    down = replace(world.app.settings, oidc=Oidc(f"http://127.0.0.1:{free_port()}", "x"))
    with pytest.raises(oidc.Turned, match="oidc-unavailable"):
        oidc.depart(replace(world.app.desk, settings=down, elsewhere=Elsewhere()), "")


def test_a_server_that_calls_itself_otherwise_is_not_asked(other: Other) -> None:
    settings = replace(other.world.app.settings.oidc, issuer=other.world.app.settings.oidc.issuer + "/")
    with pytest.raises(Distrusted, match="calls itself"):
        Elsewhere().about(settings, datetime.now(UTC))


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRUSTED = Oidc("https://id.example.com", "pulseboard", "secret")
KEY, FOREIGN = RSAKey.generate_key(2048, {"kid": "a"}), RSAKey.generate_key(2048, {"kid": "a"})
GOOD = {
    "iss": TRUSTED.issuer,
    "aud": TRUSTED.client_id,
    "sub": "s",
    "nonce": "n",
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
}


def read(token: str) -> dict[str, Any]:
    keys = {"keys": [KEY.as_dict(private=False)]}

    class Known(Elsewhere):
        def signing_keys(self, settings: Oidc, now: datetime, *, again: bool = False) -> dict[str, Any]:
            return keys

    return read_id_token(Known(), TRUSTED, NOW, token, "n")


def signed(key: Any = KEY, alg: str = "RS256", **change: object) -> str:  # noqa: ANN401
    claims = {name: value for name, value in (GOOD | change).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "a"}, claims, key, algorithms=[alg])


def test_a_good_id_token_is_believed() -> None:
    assert read(signed())["sub"] == "s"
    assert read(signed(aud=["pulseboard"]))["sub"] == "s"
    assert read(signed(aud=["pulseboard", "other"], azp="pulseboard"))["sub"] == "s"


def with_public_key_as_a_shared_one() -> str:
    """Signed by hand, for libraries refuse to; the oldest trick of all."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"a"}').rstrip(b"=") + b"." + signed().split(".")[1].encode()
    mac = hmac.digest(KEY.as_pem(private=False), head, "sha256")
    return (head + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


FORGED: dict[str, Callable[[], str]] = {
    "foreign key": lambda: signed(FOREIGN),
    "public key as a shared one": with_public_key_as_a_shared_one,
    "alg none": lambda: "eyJhbGciOiJub25lIn0." + signed().split(".")[1] + ".",
    "no signature": lambda: signed().rpartition(".")[0] + ".",
    "another issuer": lambda: signed(iss="https://evil.example"),
    "no issuer": lambda: signed(iss=None),
    "another audience": lambda: signed(aud="other"),
    "several audiences": lambda: signed(aud=["pulseboard", "other"]),
    "another party": lambda: signed(azp="other"),
    "over": lambda: signed(exp=int(NOW.timestamp()) - 61),
    "no expiry": lambda: signed(exp=None),
    "expiry in words": lambda: signed(exp="tomorrow"),
    "another nonce": lambda: signed(nonce="m"),
    "no nonce": lambda: signed(nonce=None),
    "no subject": lambda: signed(sub=None),
    "empty subject": lambda: signed(sub=""),
    "long subject": lambda: signed(sub="s" * 256),
    "not a token": lambda: "hello",
    "nothing": lambda: "",
    "None": lambda: "None",
}


@pytest.mark.parametrize("what", FORGED)
def test_no_forged_id_token_is_believed(what: str) -> None:
    with pytest.raises(Distrusted):
        read(FORGED[what]())


def test_passwords_still_work_beside(other: Other) -> None:
    alice = other.world.verified("alice")
    assert other.world.login(alice.email, PASSWORD).status_code == 200
    assert other.world.app.http.get("/api/v1/auth/methods").json() == {
        "registration": "open",
        "password": True,
        "passkey": True,
        "oidcName": "Example",
    }


def test_where_it_is_switched_off_nobody_is_sent_there_and_nobody_comes_back(other: Other) -> None:
    app = other.world.app

    def switch(on: bool) -> None:
        with app.db.write() as session:
            choose(session, app.settings, {"oidc_sign_in": on}, app.desk.clock())

    switch(False)
    try:
        assert app.http.get("/api/v1/auth/methods").json()["oidcName"] is None
        for path in ("start", "callback?state=x&code=y"):
            assert app.http.get(f"/api/v1/auth/oidc/{path}", follow_redirects=False).status_code == 503
    finally:
        switch(True)
    assert app.http.get("/api/v1/auth/methods").json()["oidcName"] == "Example"
