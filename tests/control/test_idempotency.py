"""The same request twice is one request."""

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.accounts.world import Hand
from tests.control.cast import ADMIN_KEY, App, Person, sign_up, start_app

from pulseboard import repeats
from pulseboard.repeats import MOST, Answer, Request

SECRET = re.compile(r"^(key|apiKey|secret|uri|token|codes|password)$")


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, hand: Hand) -> Iterator[App]:
    made, stop = start_app(tmp_path_factory.mktemp("repeats"), clock=hand.now)
    yield made
    stop()


def post(person: Person, path: str, body: object, key: str) -> httpx.Response:
    return person.http.post(path, json=body, headers=person.bearer | {"idempotency-key": key})


def orgs_of(person: Person) -> int:
    return int(person.get("/api/v1/orgs").json()["total"])


def test_the_second_is_answered_as_the_first_and_makes_nothing(alice: Person) -> None:
    first, second = (post(alice, "/api/v1/orgs", {"name": "Acme"}, "k1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content and second.headers["content-type"] == first.headers["content-type"]
    assert "idempotent-replayed" not in first.headers and second.headers["idempotent-replayed"] == "true"
    assert orgs_of(alice) == 2


def test_the_same_key_with_another_body_or_path_is_refused(alice: Person) -> None:
    post(alice, "/api/v1/orgs", {"name": "Acme"}, "k2")
    for answer in (
        post(alice, "/api/v1/orgs", {"name": "Other"}, "k2"),
        post(alice, "/api/v1/projects", {"name": "Acme"}, "k2"),
    ):
        assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "Idempotency-Key"
    assert orgs_of(alice) == 2


def test_keys_of_two_people_do_not_meet(alice: Person, charlie: Person) -> None:
    one, two = (post(who, "/api/v1/orgs", {"name": "Acme"}, "k3") for who in (alice, charlie))
    assert one.json()["id"] != two.json()["id"] and two.status_code == 201


def test_a_secret_is_not_repeated_and_not_kept(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    for path, body, name in (
        (f"/api/v1/projects/{project}/api-keys", {"label": "x", "scope": "secret"}, "key"),
        ("/api/projects", {"name": "mint"}, "apiKey"),
    ):
        first, second = (post(alice, path, body, f"k4{name}").json() for _ in range(2))
        assert first[name].startswith("sk_") and second == first | {name: None}
        with sqlite3.connect(app.settings.server.data_dir / "control.db") as control:
            dump = "\n".join(control.iterdump())
        control.close()
        assert first[name] not in dump and first[name].encode().hex().upper() not in dump


def test_a_tenant_is_made_once_for_who_has_the_key(app: App) -> None:
    def make(key: str) -> httpx.Response:
        headers = {"x-api-key": key, "idempotency-key": "t1"}
        return app.http.post("/tenants", json={"name": "T"}, headers=headers)

    first, second, stranger = make(ADMIN_KEY), make(ADMIN_KEY), make("x" * 40)
    assert second.json() == first.json() | {"apiKey": None} and stranger.status_code == 401


def test_twins_at_once_make_one(alice: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(alice, "/api/v1/orgs", {"name": "Twin"}, "k5"), range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} <= {"idempotency-busy"}
    assert orgs_of(alice) == 2


def test_what_came_to_nothing_may_be_tried_again_also_with_another_body(alice: Person) -> None:
    assert post(alice, "/api/v1/orgs", {"name": ""}, "k6").status_code == 422
    assert post(alice, "/api/v1/orgs", {"name": "Acme"}, "k6").status_code == 201


def test_a_key_is_good_for_a_day(app: App, hand: Hand, alice: Person) -> None:
    first = post(alice, "/api/v1/orgs", {"name": "Acme"}, "k7").json()["id"]
    hand.at = hand.at.replace(day=hand.at.day + 1)
    again = sign_in(app, alice)
    assert post(again, "/api/v1/orgs", {"name": "Acme"}, "k7").json()["id"] != first
    hand.at = hand.at.replace(day=hand.at.day + 1)
    repeats.tidy(app.db, hand.now)
    with app.db.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM repeated_answers").scalar() == 0


def sign_in(app: App, person: Person) -> Person:
    from tests.control.cast import PASSWORD

    answer = app.http.post("/api/v1/auth/login", json={"email": person.email, "password": PASSWORD})
    app.http.cookies.clear()
    return Person(person.http, person.email, answer.json())


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_must_make_sense(alice: Person, key: str) -> None:
    headers = {**alice.bearer, "idempotency-key": key}
    answer = alice.http.post("/api/v1/orgs", json={"name": "x"}, headers={n: v.encode() for n, v in headers.items()})
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == "Idempotency-Key"


def test_what_makes_nothing_takes_no_notice(alice: Person) -> None:
    headers = alice.bearer | {"idempotency-key": "k8"}
    for name in ("one", "two"):
        answer = alice.http.patch(f"/api/v1/orgs/{alice.home}", json={"name": name}, headers=headers)
        assert answer.json()["name"] == name


def test_after_a_crash_in_the_midst_nothing_is_done_twice(app: App, hand: Hand) -> None:
    asked = Request("user:x", "k", b"body")
    assert repeats.begin(app.db, hand.now, asked) is None
    with pytest.raises(Exception, match="under way"):
        repeats.begin(app.db, hand.now, asked)
    repeats.finish(app.db, asked, Answer(201, b"x" * (MOST + 1), "application/json"))
    with pytest.raises(Exception, match="too large"):
        repeats.begin(app.db, hand.now, asked)


def test_every_secret_that_a_route_answers_with_is_named(app: App) -> None:
    """Else it would be kept and repeated; ``opt={"secrets": (...)}`` of the route names it."""
    paths: dict[str, Any] = app.http.get("/openapi.json").json()
    schemas, found = paths["components"]["schemas"], {}
    for item in paths["paths"].values():
        operation = item.get("post", {})
        if not any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
            continue
        answer = operation["responses"]["201"]["content"]["application/json"]["schema"]
        names = schemas[answer["$ref"].rpartition("/")[2]]["properties"]
        if secrets := [name for name in names if SECRET.match(name)]:
            found[operation["operationId"]] = sorted(secrets)
            assert all("null" in json.dumps(names[name]) for name in secrets), operation
    assert found == {
        "beginTotp": ["secret", "uri"],
        "createApiKey": ["key"],
        "createProjectWithKey": ["apiKey"],
        "createTenant": ["apiKey"],
        "makeToken": ["token"],
        "rotateApiKey": ["key"],
    }, "name the secrets in the route's opt, and then here"


@pytest.fixture
def alice(app: App) -> Person:
    return sign_up(app, "alice")


@pytest.fixture
def charlie(app: App) -> Person:
    return sign_up(app, "charlie")
