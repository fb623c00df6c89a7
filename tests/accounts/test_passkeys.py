"""Passkeys: registered, named, removed, and signed in with; a software device, and Chromium's own."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from tests.accounts.authenticator import PRESENT, Authenticator, packed
from tests.accounts.world import World, faults
from tests.control.cast import PASSWORD, Person

from pulseboard.accounts import User
from pulseboard.policy import choose

KEYS = "/api/v1/auth/passkeys"


def device(world: World) -> Authenticator:
    return Authenticator(world.app.settings.server.base_url)


def begin(person: Person, password: str = PASSWORD) -> dict[str, Any]:
    answer = person.post(f"{KEYS}/options", {"password": password})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def register(person: Person, made: Authenticator, name: str = "laptop") -> httpx.Response:
    begun = begin(person)
    body = {"challengeId": begun["challengeId"], "name": name, "credential": made.create(begun["publicKey"])}
    return person.post(KEYS, body)


def enter(world: World, made: Authenticator) -> httpx.Response:
    begun = world.call("passkey-sign-in/options").json()
    return world.call("passkey-sign-in", challengeId=begun["challengeId"], credential=made.get(begun["publicKey"]))


@pytest.fixture
def key(world: World, alice: Person) -> Authenticator:
    """Alice's device, registered."""
    made = device(world)
    answer = register(alice, made)
    assert answer.status_code == 201, answer.text
    return made


def test_a_passkey_signs_in_without_address_password_and_code(world: World, alice: Person, key: Authenticator) -> None:
    answer = enter(world, key)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"] == alice.tokens["user"]
    (kept,) = alice.get(KEYS).json()["items"]
    assert kept["name"] == "laptop" and kept["lastUsedAt"]
    assert world.letters(alice.email)[-1].subject == "A passkey was added to your account"
    assert world.audited(alice)[-2:] == ["passkey.added", "sign-in.done"]


def test_passkeys_are_named_and_removed(world: World, alice: Person, key: Authenticator) -> None:
    (kept,) = alice.get(KEYS).json()["items"]
    assert alice.patch(f"{KEYS}/{kept['id']}", {"name": " the blue one "}).json()["name"] == "the blue one"
    assert faults(alice.patch(f"{KEYS}/{kept['id']}", {"name": "  "})) == ["name"]
    assert alice.delete(f"{KEYS}/{kept['id']}").status_code == 204
    assert alice.get(KEYS).json() == {"items": [], "total": 0, "nextCursor": None}
    assert enter(world, key).status_code == 401


def test_nobody_touches_anybody_elses(world: World, alice: Person, key: Authenticator, bob: Person) -> None:
    (kept,) = alice.get(KEYS).json()["items"]
    assert bob.get(KEYS).json()["total"] == 0
    assert bob.patch(f"{KEYS}/{kept['id']}", {"name": "mine"}).status_code == 404
    assert bob.delete(f"{KEYS}/{kept['id']}").status_code == 404
    assert register(bob, key).status_code == 409, "a key is one person's"


def test_registering_needs_the_password_and_ones_own_challenge(world: World, alice: Person, bob: Person) -> None:
    assert faults(alice.post(f"{KEYS}/options", {"password": "wrong"})) == ["password"]
    begun, made = begin(bob), device(world)
    body = {"challengeId": begun["challengeId"], "name": "x", "credential": made.create(begun["publicKey"])}
    assert faults(alice.post(KEYS, body)) == ["challengeId"]
    assert faults(bob.post(KEYS, body)) == ["challengeId"], "the attempt has used it up"


def test_a_challenge_is_good_once_and_for_five_minutes(world: World, alice: Person, key: Authenticator) -> None:
    begun = world.call("passkey-sign-in/options").json()
    shown = {"challengeId": begun["challengeId"], "credential": key.get(begun["publicKey"])}
    with ThreadPoolExecutor(4) as pool:
        uses = [pool.submit(world.call, "passkey-sign-in", **shown) for _ in range(4)]
    assert sorted(use.result().status_code for use in uses) == [200, 401, 401, 401]
    late = world.call("passkey-sign-in/options").json()
    world.wait(minutes=5)
    answer = world.call("passkey-sign-in", challengeId=late["challengeId"], credential=key.get(late["publicKey"]))
    assert answer.status_code == 401


def test_what_a_foreign_page_or_a_careless_device_signs_opens_nothing(
    world: World, alice: Person, key: Authenticator
) -> None:
    refused = []
    for name, value in (
        ("origin", "https://evil.example"),
        ("rp_id", "evil.example"),
        ("flags", PRESENT),
        ("flags", 4),
    ):
        good = getattr(key, name)
        setattr(key, name, value)
        refused.append(enter(world, key))
        setattr(key, name, good)
    impostor = device(world)
    impostor.id, impostor.user_handle = key.id, key.user_handle
    refused.append(enter(world, impostor))
    refused.append(enter(world, device(world)))
    assert [answer.status_code for answer in refused] == [401] * 6
    assert len({answer.text for answer in refused}) == 1, "no answer tells which it was"
    assert enter(world, key).status_code == 200


def test_a_device_that_was_copied_shows_by_its_counter(world: World, key: Authenticator) -> None:
    assert enter(world, key).status_code == 200
    key.counter = 0
    assert enter(world, key).status_code == 401


def test_a_key_speaks_for_nobody_but_its_person(world: World, key: Authenticator, bob: Person) -> None:
    key.user_handle = packed(bob.tokens["user"]["id"].encode())
    assert enter(world, key).status_code == 401


def test_a_disabled_persons_key_opens_nothing(world: World, alice: Person, key: Authenticator) -> None:
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).status = "disabled"
    assert enter(world, key).status_code == 401


def test_where_passkeys_are_switched_off_none_opens_anything(world: World, key: Authenticator) -> None:
    def switch(on: bool) -> None:
        with world.app.db.write() as session:
            choose(session, world.app.settings, {"passkey_sign_in": on}, world.app.desk.clock())

    switch(False)
    refused = enter(world, key)
    switch(True)
    assert refused.status_code == 401 and refused.json()["type"] == "unauthenticated"
    assert enter(world, key).status_code == 200


def test_the_only_way_in_is_not_removed(world: World, alice: Person, key: Authenticator) -> None:
    with world.app.db.write() as session:
        session.get_one(User, alice.tokens["user"]["id"]).password_hash = ""
    (kept,) = alice.get(KEYS).json()["items"]
    assert alice.delete(f"{KEYS}/{kept['id']}").status_code == 409


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.binary(max_size=60).map(packed),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
parts = st.sampled_from(["id", "rawId", "type", "response"])
inner_parts = st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"])


@settings(max_examples=40)
@given(st.dictionaries(parts, junk), st.dictionaries(inner_parts, junk))
def test_no_answer_of_a_device_breaks_the_server(world: World, change: dict[str, Any], inner: dict[str, Any]) -> None:
    made = device(world)
    made.user_handle = "x"
    begun = world.call("passkey-sign-in/options").json()
    shown = made.get(begun["publicKey"])
    shown["response"] |= inner
    answer = world.call("passkey-sign-in", challengeId=begun["challengeId"], credential=shown | change)
    assert answer.status_code in (401, 422)


@settings(max_examples=15)
@given(st.dictionaries(parts, junk), st.dictionaries(inner_parts, junk))
def test_no_made_up_key_is_registered(world: World, change: dict[str, Any], inner: dict[str, Any]) -> None:
    person = world.sign_up("alice")
    begun = begin(person)
    shown = device(world).create(begun["publicKey"])
    shown["response"] |= inner | {"attestationObject": inner.get("attestationObject", "AAAA")}
    answer = person.post(KEYS, {"challengeId": begun["challengeId"], "name": "x", "credential": shown | change})
    assert {path.partition(".")[0] for path in faults(answer)} == {"credential"}


@pytest.mark.browser
def test_chromium_registers_a_passkey_and_signs_in_with_it(world: World, alice: Person) -> None:
    base = world.app.settings.server.base_url
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    create = """async ({base, headers, begun}) => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.publicKey)
        const credential = (await navigator.credentials.create({publicKey})).toJSON()
        const body = JSON.stringify({challengeId: begun.challengeId, name: 'chromium', credential})
        return (await fetch(base + '/api/v1/auth/passkeys', {method: 'POST', headers, body})).status
    }"""
    get = """async ({base, headers}) => {
        const post = (path, body) => fetch(base + path, {method: 'POST', headers, body: JSON.stringify(body)})
        const begun = await (await post('/api/v1/auth/passkey-sign-in/options', {})).json()
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.publicKey)
        const credential = (await navigator.credentials.get({publicKey})).toJSON()
        const answer = await post('/api/v1/auth/passkey-sign-in', {challengeId: begun.challengeId, credential})
        return (await answer.json()).user.email
    }"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        page.goto(f"{base}/docs")
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        json = {"content-type": "application/json"}
        begun = {"base": base, "headers": alice.bearer | json, "begun": begin(alice)}
        assert page.evaluate(create, begun) == 201
        assert page.evaluate(get, {"base": base, "headers": json}) == alice.email
        browser.close()
