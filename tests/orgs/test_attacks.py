"""Names and texts of every kind: taken as they are or refused by name, shown as they were given, and in the log."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.accounts.world import World
from tests.control.cast import Person

HOSTILE = st.text(st.characters(codec="utf-8"), max_size=250)
CALM = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def fits(name: str) -> bool:
    return 1 <= len(name) <= 200 and bool(name.strip()) and "\0" not in name


@CALM
@given(HOSTILE)
@example("🦊" * 200)
@example("\u202egpj.exe")
@example("مرحبا بالعالم")
@example("a\0b")
@example("x" * 10_000)
@example("\u2028\u2029\ufeff")
@example("' OR 1=1 --")
def test_a_name_is_taken_as_it_is_or_refused_by_name(alice: Person, acme: str, name: str) -> None:
    for path, body in (
        (f"/api/v1/orgs/{acme}", {"name": name}),
        (f"/api/v1/projects/{_project(alice, acme)}", {"name": name}),
    ):
        answer = alice.patch(path, body)
        if answer.status_code == 200:
            assert answer.json()["name"] == name.strip()
            assert alice.get(path).json()["name"] == name.strip()
        else:
            assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "name", answer.text
            assert not fits(name)


@CALM
@given(HOSTILE)
@example("a\0b@example.com")
@example("x" * 10_000)
@example("\u202ealice@example.com")
@example("ａlice@example.com")
def test_an_address_is_invited_or_refused_and_nothing_worse(alice: Person, acme: str, email: str) -> None:
    answer = alice.post(f"/api/v1/orgs/{acme}/members", {"email": email, "role": "viewer"})
    assert answer.status_code in (201, 409, 422), answer.text


@CALM
@given(HOSTILE)
def test_no_token_but_the_right_one_opens_anything(alice: Person, acme: str, token: str) -> None:
    for path in ("accept", "look"):
        assert alice.post(f"/api/v1/invitations/{path}", {"token": token}).status_code in (404, 422)


@CALM
@given(st.dictionaries(st.sampled_from(["actor", "action", "target", "from", "to", "cursor", "limit"]), HOSTILE))
def test_the_log_is_searched_with_anything(alice: Person, acme: str, params: dict[str, Any]) -> None:
    assert alice.get(f"/api/v1/orgs/{acme}/audit-log", **params).status_code in (200, 422)
    assert alice.get(f"/api/v1/orgs/{acme}/audit-log/export", **params).status_code in (200, 422)


def test_after_all_of_it_the_log_is_whole(world: World, alice: Person, acme: str) -> None:
    for name in ("🦊" * 200, "\u202e" * 3 + "x", "=1+1", "\ud7ff", "\r\nx"):
        alice.patch(f"/api/v1/orgs/{acme}", {"name": name})
    assert alice.get(f"/api/v1/orgs/{acme}/audit-log/verify").json()["whole"] is True
    lines = alice.get(f"/api/v1/orgs/{acme}/audit-log/export").text.split("\n")
    assert all(json.loads(line) for line in lines if line)


def _project(alice: Person, acme: str) -> str:
    found = alice.get("/api/v1/projects", orgId=acme).json()["items"]
    return str(found[0]["id"] if found else alice.project(orgId=acme)["id"])
