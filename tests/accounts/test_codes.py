"""The second factor: codes of an authenticator app, and recovery codes."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from tests.accounts.world import World, faults
from tests.control.cast import PASSWORD, Person
from tests.control.databases import SQLITE

from pulseboard.accounts.sign_in import sign_in
from pulseboard.audit import Caller
from pulseboard.errors import AppError


@pytest.fixture
def app_of(world: World, alice: Person) -> pyotp.TOTP:
    """Alice's authenticator app, that counts already; ``recovery`` are its codes."""
    begun = alice.post("/api/v1/auth/totp", {"password": PASSWORD}).json()
    app = pyotp.TOTP(begun["secret"])
    confirmed = alice.post("/api/v1/auth/totp/confirm", {"code": app.at(world.hand.at)})
    assert confirmed.status_code == 200, confirmed.text
    app.recovery = confirmed.json()["codes"]  # type: ignore[attr-defined]
    world.wait(seconds=30)
    return app


def recovery(app: pyotp.TOTP) -> list[str]:
    return list(app.recovery)  # type: ignore[attr-defined]


def wanted(world: World, email: str, code: str = "", password: str = PASSWORD) -> tuple[int, str]:
    answer = world.login(email, password, totp=code)
    return answer.status_code, answer.json().get("type", "")


def test_an_app_is_added_by_a_first_code_and_then_asked_for(world: World, alice: Person) -> None:
    begun = alice.post("/api/v1/auth/totp", {"password": PASSWORD}).json()
    uri = urlsplit(begun["uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp") and alice.email in unquote(uri.path)
    assert parse_qs(uri.query)["secret"] == [begun["secret"]]
    assert wanted(world, alice.email) == (200, ""), "not before it is confirmed"
    app = pyotp.TOTP(begun["secret"])
    assert faults(alice.post("/api/v1/auth/totp/confirm", {"code": "000000"})) == ["code"]
    codes = alice.post("/api/v1/auth/totp/confirm", {"code": app.at(world.hand.at)}).json()["codes"]
    assert len(set(codes)) == 10
    assert alice.post("/api/v1/auth/totp", {"password": PASSWORD}).status_code == 409
    assert alice.post("/api/v1/auth/totp/confirm", {"code": "000000"}).status_code == 409
    world.wait(seconds=30)
    assert wanted(world, alice.email) == (401, "totp-required")
    assert wanted(world, alice.email, "000000") == (401, "totp-wrong")
    assert wanted(world, alice.email, app.at(world.hand.at)) == (200, "")
    security = alice.get("/api/v1/auth/security").json()
    assert (security["totp"], security["recoveryCodesLeft"], security["hasPassword"]) == (True, 10, True)
    assert world.names(alice.email)[-1] == "security-notice"


def test_only_who_knows_the_password_learns_that_a_code_is_needed(
    world: World, alice: Person, app_of: pyotp.TOTP
) -> None:
    assert wanted(world, alice.email, password="wrong") == (401, "unauthenticated")
    assert wanted(world, alice.email, app_of.at(world.hand.at), "wrong") == (401, "unauthenticated")


def test_a_code_is_good_once_and_so_is_none_before_it(world: World, alice: Person, app_of: pyotp.TOTP) -> None:
    code, earlier = app_of.at(world.hand.at), app_of.at(world.hand.at.timestamp() - 30)
    assert wanted(world, alice.email, code) == (200, "")
    assert wanted(world, alice.email, code) == (401, "totp-wrong")
    assert wanted(world, alice.email, earlier) == (401, "totp-wrong")
    world.wait(seconds=30)
    assert wanted(world, alice.email, app_of.at(world.hand.at)) == (200, "")


@pytest.mark.parametrize(("off", "status"), [(-90, 401), (-60, 401), (-30, 200), (0, 200), (30, 200), (60, 401)])
def test_a_phones_clock_may_be_half_a_minute_off(
    world: World, alice: Person, app_of: pyotp.TOTP, off: int, status: int
) -> None:
    world.wait(minutes=2)
    assert wanted(world, alice.email, app_of.at(world.hand.at.timestamp() + off))[0] == status


def test_of_one_code_at_once_one_use_counts(world: World, alice: Person, app_of: pyotp.TOTP) -> None:
    for code in (app_of.at(world.hand.at), recovery(app_of)[0]):
        with ThreadPoolExecutor(5) as pool:
            uses = [pool.submit(wanted, world, alice.email, code) for _ in range(5)]
        statuses = sorted(use.result()[0] for use in uses)
        assert statuses[0] == 200 and statuses.count(200) == 1
        world.wait(days=1)


def test_recovery_codes_stand_in_once_each_however_they_are_typed(
    world: World, alice: Person, app_of: pyotp.TOTP
) -> None:
    first, second, third = recovery(app_of)[:3]
    assert wanted(world, alice.email, first) == (200, "")
    assert wanted(world, alice.email, first) == (401, "totp-wrong")
    assert wanted(world, alice.email, f" {second.upper().replace('-', ' ')} ") == (200, "")
    assert alice.get("/api/v1/auth/security").json()["recoveryCodesLeft"] == 8
    renewed = alice.post("/api/v1/auth/totp/recovery-codes", {"password": PASSWORD, "code": app_of.at(world.hand.at)})
    assert len(renewed.json()["codes"]) == 10
    assert wanted(world, alice.email, third) == (401, "totp-wrong"), "the old ones are void"
    assert wanted(world, alice.email, renewed.json()["codes"][0]) == (200, "")


def test_ones_codes_open_nobody_elses_account(world: World, alice: Person, app_of: pyotp.TOTP, bob: Person) -> None:
    begun = bob.post("/api/v1/auth/totp", {"password": PASSWORD}).json()
    theirs = pyotp.TOTP(begun["secret"])
    assert theirs.secret != app_of.secret
    codes = bob.post("/api/v1/auth/totp/confirm", {"code": theirs.at(world.hand.at)}).json()["codes"]
    world.wait(seconds=30)
    assert wanted(world, alice.email, codes[0]) == (401, "totp-wrong")
    assert wanted(world, alice.email, theirs.at(world.hand.at)) == (401, "totp-wrong")


def test_an_app_is_removed_by_password_and_code_and_not_by_one_of_them(
    world: World, alice: Person, app_of: pyotp.TOTP
) -> None:
    path, code = "/api/v1/auth/totp/remove", app_of.at(world.hand.at)
    assert faults(alice.post(path, {"password": "wrong", "code": code})) == ["password"]
    assert faults(alice.post(path, {"password": PASSWORD, "code": "000000"})) == ["code"]
    assert alice.post(path, {"password": PASSWORD, "code": code}).status_code == 204
    assert wanted(world, alice.email) == (200, "")
    assert alice.get("/api/v1/auth/security").json()["recoveryCodesLeft"] == 0


def test_codes_cannot_be_guessed_from_many_networks_and_their_owner_still_gets_in(
    world: World, alice: Person, app_of: pyotp.TOTP
) -> None:
    def guess(code: str, network: int) -> str:
        caller = Caller(address=f"203.0.113.{network}")
        try:
            return sign_in(world.app.desk, caller, alice.email, PASSWORD, code).user.email
        except AppError as refused:
            return refused.type

    assert [guess(f"{n:06}", n) for n in range(8)] == ["totp-wrong"] * 5 + ["rate-limited"] * 3
    assert world.letters(alice.email)[-1].subject == "Somebody signs in with your password and wrong codes"
    assert guess(app_of.at(world.hand.at), 9) == "rate-limited"
    assert guess(recovery(app_of)[0], 9) == alice.email


@pytest.mark.skipif(not SQLITE, reason="it looks at the file")
def test_no_secret_of_an_app_stands_in_the_database(world: World, alice: Person, app_of: pyotp.TOTP) -> None:
    database = b"".join(path.read_bytes() for path in world.app.settings.server.data_dir.glob("control.db*"))
    assert alice.email.encode() in database
    assert app_of.secret.encode() not in database
    assert all(code.replace("-", "").encode() not in database for code in recovery(app_of))


@pytest.mark.parametrize("code", ["", " ", "é" * 6, "١٢٣٤٥٦", "0" * 40, "-----", "1e5", "０００００１"])
def test_no_typing_breaks_the_code(world: World, alice: Person, app_of: pyotp.TOTP, code: str) -> None:
    assert wanted(world, alice.email, code)[0] == 401
