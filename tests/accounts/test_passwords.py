"""Passwords: forgotten, set anew, changed, guessed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.accounts.world import NEW_PASSWORD, World, faults
from tests.control.cast import PASSWORD, Person

from pulseboard import accounts
from pulseboard.accounts import throttle
from pulseboard.accounts.models import User


def test_a_forgotten_password_is_set_anew_by_the_letters_link(world: World) -> None:
    alice = world.verified("alice")
    elsewhere = world.enter(alice)
    world.forgot(alice.email.upper())
    token = world.token(alice.email, "reset-password")
    assert world.call("reset-password", token=token, password=NEW_PASSWORD).status_code == 204
    assert not world.alive(alice) and not world.alive(elsewhere), "who knew the old one is out"
    assert world.call("refresh", refreshToken=elsewhere.tokens["refreshToken"]).status_code == 401
    assert world.login(alice.email).status_code == 401
    assert world.login(alice.email, NEW_PASSWORD).status_code == 200
    assert world.names(alice.email)[-1] == "password-changed"
    assert "password.reset" in world.audited(alice)


def test_a_link_to_a_new_password_works_once_and_for_an_hour(world: World, alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        world.forgot(person.email)
    token = world.token(alice.email, "reset-password")
    assert faults(world.call("reset-password", token=token, password="short")) == ["password"]
    with ThreadPoolExecutor(4) as pool:
        uses = [pool.submit(world.call, "reset-password", token=token, password=NEW_PASSWORD) for _ in range(4)]
    assert sorted(use.result().status_code for use in uses) == [204, 422, 422, 422]
    late = world.token(bob.email, "reset-password")
    world.wait(hours=1)
    assert faults(world.call("reset-password", token=late, password=NEW_PASSWORD)) == ["token"]
    assert world.login(bob.email).status_code == 200


def test_asking_again_and_again_floods_no_mailbox(world: World, alice: Person) -> None:
    for _ in range(5):
        world.forgot(alice.email)
    assert world.names(alice.email).count("reset-password") == 1
    first = world.token(alice.email, "reset-password")
    world.wait(minutes=3)
    world.forgot(alice.email)
    assert faults(world.call("reset-password", token=first, password=NEW_PASSWORD)) == ["token"]


def test_nobody_learns_who_has_an_account(world: World, alice: Person) -> None:
    """The same words, and the same work: what differs is done when nobody waits for it any more."""

    def asked(email: str) -> tuple[int, str, list[str]]:
        before = len(world.app.statements)
        answer = world.call("forgot-password", email=email)
        return answer.status_code, answer.text, [each.split()[0] for each in world.app.statements[before:]]

    known, unknown = asked(alice.email), asked("nobody@example.com")
    assert known == unknown and known[0] == 202
    accounts.answer_letters(world.app.desk)
    assert world.letters("nobody@example.com") == []
    assert world.names(alice.email)[-1] == "reset-password"


def test_who_is_disabled_gets_no_link(world: World, alice: Person) -> None:
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).status = "disabled"
    world.forgot(alice.email)
    assert "reset-password" not in world.names(alice.email)


def test_who_registered_with_somebody_elses_address_keeps_no_way_in(world: World, alice: Person) -> None:
    """Mallory registers with Alice's address and leaves an authenticator app; Alice comes later and resets."""
    begun = alice.post("/api/v1/auth/totp", {"password": PASSWORD}).json()
    import pyotp

    code = pyotp.TOTP(begun["secret"]).at(world.hand.at)
    assert alice.post("/api/v1/auth/totp/confirm", {"code": code}).status_code == 200
    token = alice.post("/api/v1/auth/tokens", {"name": "x", "scopes": ["read"], "password": PASSWORD}).json()["token"]
    world.forgot(alice.email)
    reset = world.token(alice.email, "reset-password")
    assert world.call("reset-password", token=reset, password=NEW_PASSWORD).status_code == 204
    assert world.login(alice.email, NEW_PASSWORD).status_code == 200, "without a code"
    me = world.app.http.get("/api/v1/auth/me", headers={"authorization": f"Bearer {token}"})
    assert me.status_code == 401


def test_a_changed_password_ends_the_other_sessions_only(world: World, alice: Person) -> None:
    elsewhere = world.enter(alice)
    body = {"currentPassword": PASSWORD, "password": NEW_PASSWORD}
    assert alice.post("/api/v1/auth/change-password", body).status_code == 204
    assert world.alive(alice) and not world.alive(elsewhere)
    assert world.login(alice.email, NEW_PASSWORD).status_code == 200
    assert world.names(alice.email)[-1] == "password-changed"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"currentPassword": "wrong", "password": NEW_PASSWORD}, "currentPassword"),
        ({"password": NEW_PASSWORD}, "currentPassword"),
        ({"currentPassword": PASSWORD, "password": "password123"}, "password"),
        ({"currentPassword": PASSWORD}, "password"),
    ],
)
def test_changing_names_what_is_wrong(world: World, alice: Person, body: dict[str, str], path: str) -> None:
    assert faults(alice.post("/api/v1/auth/change-password", body)) == [path]
    assert world.login(alice.email).status_code == 200


def test_who_finds_an_open_session_cannot_try_passwords_in_it_for_long(world: World, alice: Person) -> None:
    body = {"currentPassword": "a guess", "password": NEW_PASSWORD}
    answers = [alice.post("/api/v1/auth/change-password", body).status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_guessing_gets_slower_and_slower_whether_anybody_has_the_address_or_not(world: World, alice: Person) -> None:
    def guess(email: str) -> tuple[int, str, str]:
        answer = world.login(email, "a wrong guess")
        return answer.status_code, answer.text, answer.headers.get("retry-after", "")

    seen: dict[str, list[tuple[int, str, str]]] = {alice.email: [], "nobody-at-all@example.com": []}
    for email, answers in seen.items():
        start = world.hand.at
        answers += [guess(email) for _ in range(6)]
        for _ in range(4):
            world.wait(seconds=int(answers[-1][2]))
            answers += [guess(email), guess(email)]
        world.hand.at = start
    known, unknown = seen.values()
    assert known == unknown
    assert [status for status, _, _ in known] == [401] * 5 + [429] + [401, 429] * 4
    assert [wait for status, _, wait in known if status == 429] == ["1", "2", "4", "8", "16"]
    assert "sign-in.slowed" in world.audited(alice)


def test_pauses_grow_to_a_quarter_of_an_hour_and_no_further() -> None:
    assert [throttle.pause_after(n).total_seconds() for n in (0, 4, 5, 10, 15, 10_000)] == [0, 0, 1, 32, 900, 900]


def test_nobody_locks_anybody_else_out(world: World, alice: Person) -> None:
    key = throttle.key_of("sign-in", alice.email, "203.0.113.7")
    with world.app.db.write() as session:
        for _ in range(20):
            world.wait(minutes=16)
            throttle.enter(session, key, world.hand.at)
    assert world.login(alice.email).status_code == 200, "Alice comes from another network"


def test_the_right_password_and_a_day_of_rest_forgive(world: World, alice: Person) -> None:
    for _ in range(4):
        assert world.login(alice.email, "wrong").status_code == 401
    assert world.login(alice.email).status_code == 200
    for _ in range(5):
        assert world.login(alice.email, "wrong").status_code == 401
    assert world.login(alice.email).status_code == 429
    world.wait(days=1)
    assert world.login(alice.email, "wrong").status_code == 401
    assert world.login(alice.email).status_code == 200


def test_guesses_at_once_are_all_counted(world: World, alice: Person) -> None:
    barrier = threading.Barrier(12)

    def guess() -> int:
        barrier.wait()
        return world.login(alice.email, "wrong").status_code

    with ThreadPoolExecutor(12) as pool:
        answers = [use.result() for use in [pool.submit(guess) for _ in range(12)]]
    assert answers.count(429) >= 7 and answers.count(401) <= 5
