"""Invitations: the right person, once, in time."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
import pytest
from tests.accounts.world import World
from tests.control.cast import PASSWORD, Person
from tests.control.databases import SQLITE

_number = count(1)


def stranger() -> str:
    return f"stranger-{next(_number)}@example.com"


def invite(owner: Person, org: str, email: str, role: str = "viewer") -> dict[str, str]:
    made = owner.post(f"/api/v1/orgs/{org}/members", {"email": email, "role": role})
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "invited" and made.json()["userId"] is None
    return dict(made.json())


def join(world: World, email: str) -> Person:
    """Somebody registers with the address."""
    answer = world.app.http.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    world.app.http.cookies.clear()
    return Person(world.app.http, email, answer.json())


def accept(person: Person, token: str) -> httpx.Response:
    return person.post("/api/v1/invitations/accept", {"token": token})


def test_an_invited_person_registers_and_accepts_once(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email.upper(), "member")
    token = world.token(email.upper(), "invitation")
    dave = join(world, email)
    assert dave.get(f"/api/v1/orgs/{acme}").status_code == 404
    joined = accept(dave, token)
    assert (joined.status_code, joined.json()["name"], joined.json()["role"]) == (200, "Acme", "member")
    assert dave.get(f"/api/v1/orgs/{acme}").json()["role"] == "member"
    assert dave.get("/api/v1/auth/me").json()["emailVerified"] is True, "who has the letter reads the address"
    assert accept(dave, token).status_code == 404
    assert alice.get(f"/api/v1/orgs/{acme}/invitations").json() == {"items": [], "total": 0, "nextCursor": None}


def test_the_letter_names_who_invites_to_what(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    (letter,) = world.letters(email)
    assert "alice" in letter.subject and "Acme" in letter.subject and "viewer" in letter.text


def test_the_wrong_person_learns_no_more_than_from_a_made_up_token(
    world: World, alice: Person, charlie: Person, acme: str
) -> None:
    email = stranger()
    invite(alice, acme, email)
    token = world.token(email, "invitation")
    wrong, made_up = accept(charlie, token), accept(charlie, "x" * 43)
    assert (wrong.status_code, wrong.text) == (404, made_up.text)
    assert accept(alice, token).status_code == 404, "not even a member of the organisation"
    assert accept(join(world, email), token).status_code == 200, "and the right person still can"


def test_an_invitation_is_over_after_a_week(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    dave, token = join(world, email), world.token(email, "invitation")
    world.wait(days=7)
    dave, alice = world.refresh(dave), world.refresh(alice)
    assert accept(dave, token).status_code == 404
    (shown,) = alice.get(f"/api/v1/orgs/{acme}/invitations").json()["items"]
    again = alice.post(f"/api/v1/orgs/{acme}/invitations/{shown['id']}/resend")
    assert again.status_code == 200 and again.json()["expiresAt"] > shown["expiresAt"]
    assert accept(dave, token).status_code == 404, "the old letter works no more"
    assert accept(dave, world.token(email, "invitation")).status_code == 200


def test_letters_are_not_sent_again_at_once(world: World, alice: Person, acme: str) -> None:
    made = invite(alice, acme, stranger())
    url = f"/api/v1/orgs/{acme}/invitations/{made['id']}/resend"
    refused = alice.post(url)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "60"
    world.wait(minutes=1)
    assert alice.post(url).status_code == 200
    assert alice.post(url).status_code == 429


def test_a_revoked_invitation_opens_nothing(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    made = invite(alice, acme, email)
    token = world.token(email, "invitation")
    assert alice.delete(f"/api/v1/orgs/{acme}/invitations/{made['id']}").status_code == 204
    assert accept(join(world, email), token).status_code == 404
    assert alice.delete(f"/api/v1/orgs/{acme}/invitations/{made['id']}").status_code == 404


def test_tokens_of_two_people_do_not_swap(world: World, alice: Person, acme: str) -> None:
    one, two = stranger(), stranger()
    invite(alice, acme, one, "admin")
    invite(alice, acme, two, "viewer")
    viewer = join(world, two)
    assert accept(viewer, world.token(one, "invitation")).status_code == 404
    assert accept(viewer, world.token(two, "invitation")).json()["role"] == "viewer"


def test_many_who_accept_at_once_make_one_member(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    token, dave = world.token(email, "invitation"), join(world, email)
    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(lambda _: accept(dave, token).status_code, range(6)))
    assert answers == [200] + [404] * 5
    assert alice.get(f"/api/v1/orgs/{acme}/members").json()["total"] == 2


def test_an_address_is_invited_once(alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    twice = alice.post(f"/api/v1/orgs/{acme}/members", {"email": email.title(), "role": "admin"})
    assert twice.status_code == 409 and "again" in twice.json()["detail"]


def test_who_is_not_verified_invites_nobody_but_adds_whom_they_know(world: World, bob: Person, charlie: Person) -> None:
    org = bob.post("/api/v1/orgs", {"name": "Bobs"}).json()["id"]
    refused = bob.post(f"/api/v1/orgs/{org}/members", {"email": stranger(), "role": "viewer"})
    assert (refused.status_code, refused.json()["type"]) == (403, "email-unverified")
    assert bob.post(f"/api/v1/orgs/{org}/members", {"email": charlie.email, "role": "viewer"}).status_code == 201


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@example.com", "a@example.com, b@example.com", "a\u202e@x.com"])
def test_no_letter_goes_to_what_is_no_address(alice: Person, acme: str, email: str) -> None:
    refused = alice.post(f"/api/v1/orgs/{acme}/members", {"email": email, "role": "viewer"})
    assert refused.status_code == 422 and refused.json()["errors"][0]["path"] == "email"


def test_an_admin_invites_no_owner_and_takes_no_owners_invitation_back(
    world: World, alice: Person, bob: Person, acme: str
) -> None:
    alice.post(f"/api/v1/orgs/{acme}/members", {"email": bob.email, "role": "admin"})
    assert world.call("verify-email", token=world.token(bob.email)).status_code == 204
    url = f"/api/v1/orgs/{acme}"
    assert bob.post(f"{url}/members", {"email": stranger(), "role": "owner"}).status_code == 403
    made = invite(alice, acme, stranger(), "owner")
    assert bob.delete(f"{url}/invitations/{made['id']}").status_code == 403
    invite(bob, acme, stranger(), "admin")


def test_invitations_end_with_the_organisation(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    dave, token = join(world, email), world.token(email, "invitation")
    alice.delete(f"/api/v1/orgs/{acme}")
    assert accept(dave, token).status_code == 404
    assert world.app.http.post("/api/v1/invitations/look", json={"token": token}).status_code == 404


def test_the_letter_lets_a_new_person_in_where_registration_is_closed(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email, "admin")
    token = world.token(email, "invitation")
    seen = world.app.http.post("/api/v1/invitations/look", json={"token": token})
    assert seen.json() == {"email": email, "orgName": "Acme", "role": "admin", "registered": False}
    weak = {"token": token, "password": "password", "name": "Dave"}
    assert world.app.http.post("/api/v1/invitations/register", json=weak).status_code == 422
    good = {"token": token, "password": PASSWORD, "name": "Dave"}
    assert world.app.http.post("/api/v1/invitations/register", json=good).status_code == 201
    assert world.app.http.post("/api/v1/invitations/register", json=good).status_code == 404
    signed_in = world.login(email).json()
    assert {(org["name"], org["role"]) for org in signed_in["user"]["orgs"]} == {("Dave", "owner"), ("Acme", "admin")}
    assert signed_in["user"]["emailVerified"] is True


@pytest.mark.skipif(not SQLITE, reason="it looks at the file")
def test_no_token_is_kept(world: World, alice: Person, acme: str) -> None:
    email = stranger()
    invite(alice, acme, email)
    token = world.token(email, "invitation")
    with sqlite3.connect(world.app.settings.server.data_dir / "control.db") as control:
        dump = "\n".join(line for line in control.iterdump() if "outbox_letters" not in line)
    control.close()
    assert email in dump and token not in dump
