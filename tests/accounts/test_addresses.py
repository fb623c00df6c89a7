"""E-mail addresses: confirmed by a letter, and left only when both ends agree."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.accounts.world import World, faults
from tests.control.cast import PASSWORD, Person

from pulseboard.kit.emails import email_key, is_email


def test_who_registers_confirms_the_address_by_the_letters_link(world: World, alice: Person) -> None:
    assert world.names(alice.email) == ["verify-email"]
    assert alice.get("/api/v1/auth/me").json()["emailVerified"] is False
    assert world.call("verify-email", token=world.token(alice.email)).status_code == 204
    assert alice.get("/api/v1/auth/me").json()["emailVerified"] is True
    assert "email.verified" in world.audited(alice)


def test_a_link_works_once(world: World, alice: Person) -> None:
    token = world.token(alice.email)
    assert world.call("verify-email", token=token).status_code == 204
    assert faults(world.call("verify-email", token=token)) == ["token"]


def test_of_many_uses_at_once_one_counts(world: World, alice: Person) -> None:
    token = world.token(alice.email)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.call("verify-email", token=token).status_code, range(8)))
    assert sorted(answers) == [204] + [422] * 7


def test_a_link_is_over_after_three_days(world: World, alice: Person) -> None:
    token = world.token(alice.email)
    world.wait(days=3)
    assert faults(world.call("verify-email", token=token)) == ["token"]


def test_another_letter_is_sent_on_request_and_only_the_newest_link_works(world: World, alice: Person) -> None:
    first = world.token(alice.email)
    assert alice.post("/api/v1/auth/verify-email/resend").status_code == 202
    assert world.names(alice.email) == ["verify-email"], "not twice in a moment"
    world.wait(minutes=3)
    assert alice.post("/api/v1/auth/verify-email/resend").status_code == 202
    assert world.names(alice.email) == ["verify-email"] * 2
    assert faults(world.call("verify-email", token=first)) == ["token"]
    assert world.call("verify-email", token=world.token(alice.email)).status_code == 204
    world.wait(minutes=3)
    assert alice.post("/api/v1/auth/verify-email/resend").status_code == 202
    assert world.names(alice.email) == ["verify-email"] * 2, "who has confirmed needs no letter"


@pytest.mark.parametrize("token", ["", "x", "#", "é" * 50, "a" * 200, "' or 1=1 --"])
def test_made_up_tokens_open_nothing(world: World, token: str) -> None:
    assert faults(world.call("verify-email", token=token)) == ["token"]
    assert faults(world.call("confirm-email", token=token)) == ["token"]
    assert faults(world.call("reset-password", token=token, password=PASSWORD)) == ["token"]


def test_a_token_is_good_for_its_own_purpose_only(world: World, alice: Person) -> None:
    world.forgot(alice.email)
    verify, reset = world.token(alice.email), world.token(alice.email, "reset-password")
    assert faults(world.call("reset-password", token=verify, password=PASSWORD)) == ["token"]
    assert faults(world.call("verify-email", token=reset)) == ["token"]
    assert faults(world.call("confirm-email", token=verify)) == ["token"]
    assert world.call("verify-email", token=verify).status_code == 204


def ask_to_move(person: Person, email: str, password: str = PASSWORD) -> int:
    return person.post("/api/v1/auth/change-email", {"email": email, "password": password}).status_code


@pytest.mark.parametrize("old_first", [True, False])
def test_an_account_moves_once_both_ends_have_confirmed(world: World, old_first: bool) -> None:
    alice = world.verified("alice")
    new = f"new-{alice.email}"
    assert ask_to_move(alice, new) == 202
    tokens = [world.token(alice.email, "confirm-old-email"), world.token(new, "confirm-new-email")]
    first, second = tokens if old_first else tokens[::-1]
    assert world.call("confirm-email", token=first).json() == {"moved": False}
    assert alice.get("/api/v1/auth/me").json()["email"] == alice.email
    assert faults(world.call("confirm-email", token=first)) == ["token"]
    assert world.call("confirm-email", token=second).json() == {"moved": True}
    me = alice.get("/api/v1/auth/me").json()
    assert (me["email"], me["emailVerified"]) == (new, True)
    assert world.names(alice.email)[-1] == "email-changed"
    assert world.login(alice.email).status_code == 401 and world.login(new.upper()).status_code == 200
    assert world.audited(alice)[-3:] == ["email.changed", "sign-in.done"][-3:] or "email.changed" in world.audited(
        alice
    )


def test_one_end_alone_moves_nothing_however_often_it_is_asked(world: World) -> None:
    alice = world.verified("alice")
    new = f"new-{alice.email}"
    for _ in range(2):
        assert ask_to_move(alice, new) == 202
        assert world.call("confirm-email", token=world.token(new, "confirm-new-email")).json() == {"moved": False}
    assert alice.get("/api/v1/auth/me").json()["email"] == alice.email


def test_words_for_one_address_are_no_words_for_another(world: World) -> None:
    alice = world.verified("alice")
    assert ask_to_move(alice, f"one-{alice.email}") == 202
    old = world.token(alice.email, "confirm-old-email")
    assert ask_to_move(alice, f"two-{alice.email}") == 202
    assert faults(world.call("confirm-email", token=old)) == ["token"]
    new = world.token(f"two-{alice.email}", "confirm-new-email")
    assert world.call("confirm-email", token=new).json() == {"moved": False}


def test_an_address_that_never_was_confirmed_need_not_agree(world: World, alice: Person) -> None:
    new = f"right-{alice.email}"
    assert ask_to_move(alice, new) == 202
    assert "confirm-old-email" not in world.names(alice.email)
    stale = world.token(alice.email)
    assert world.call("confirm-email", token=world.token(new, "confirm-new-email")).json() == {"moved": True}
    assert faults(world.call("verify-email", token=stale)) == ["token"], "what went to the old address opens nothing"


def test_moving_to_somebody_elses_address_tells_nothing_and_leads_nowhere(world: World, bob: Person) -> None:
    alice = world.verified("alice")
    before = world.names(bob.email)
    assert ask_to_move(alice, bob.email.upper()) == 202
    assert world.names(bob.email) == before
    assert world.call("confirm-email", token=world.token(alice.email, "confirm-old-email")).json() == {"moved": False}


def test_who_comes_second_to_an_address_does_not_get_it(world: World) -> None:
    alice, bob = world.verified("alice"), world.verified("bob")
    new = f"wanted-{alice.email}"
    for person in (alice, bob):
        assert ask_to_move(person, new) == 202
        old = world.token(person.email, "confirm-old-email")
        assert world.call("confirm-email", token=old).json() == {"moved": False}
    both = [world.letters(new)[i].text.split("#token=")[1].split()[0] for i in (0, 1)]
    assert world.call("confirm-email", token=both[0]).json() == {"moved": True}
    assert world.call("confirm-email", token=both[1]).status_code == 409
    assert bob.get("/api/v1/auth/me").json()["email"] == bob.email


def test_moving_needs_the_password(world: World, alice: Person) -> None:
    answer = alice.post("/api/v1/auth/change-email", {"email": "x@example.com", "password": "wrong"})
    assert faults(answer) == ["password"]
    assert world.names("x@example.com") == []


@pytest.mark.parametrize(
    "email",
    ["a@b", "@example.com", "a@", "a b@example.com", "a@exa mple.com", "a@@example.com", "a@example..com", ".a@x.com",
     "a.@x.com", "a..b@x.com", "a,b@example.com", "<a@example.com>", '"a b"@example.com', "a@-x.com", "a@x-.com",
     "a@example.com\r\nBcc: b@example.com", "a\u200b@example.com", "a@ex\u202eample.com", "a\u0085@example.com",
     "a;b@x.com", "x" * 65 + "@example.com", "a@" + "x" * 250 + ".com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: str) -> None:
    assert not is_email(email)


@pytest.mark.parametrize(
    "email",
    [
        "a@example.com",
        "A.B+tag@sub.example.co",
        "o'neil@example.com",
        "zoë@bücher.example",
        "用户@例子.公司",
        "a_b-c@x1.com",
    ],
)
def test_what_is_an_address_is_taken(email: str) -> None:
    assert is_email(email)


@given(st.text(max_size=300))
def test_no_text_as_address_does_harm(text: str) -> None:
    if is_email(text):
        assert text.isprintable() and text.count("@") == 1 and not set(text) & set(' <>,;:"\\()[]')
        assert email_key(text) == email_key(email_key(text))


hostile = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        [
            "\u202eevil",
            "a" * 10_000,
            "\x00",
            "👩‍👩‍👧‍👦" * 60,
            "ﷺ" * 150,
            "\u0000x",
            "\r\nBcc: x",
            "' OR 1=1--",
            "{{ 7*7 }}",
        ]
    ),
)


@settings(max_examples=25)
@given(hostile, hostile)
def test_no_name_or_address_breaks_registering(world: World, name: str, email: str) -> None:
    answer = world.call("register", email=email + "@example.com", name=name, password=PASSWORD)
    assert answer.status_code in (201, 400, 409, 422), answer.text
    if answer.status_code == 201:
        assert answer.json()["user"]["name"] == name.strip()
