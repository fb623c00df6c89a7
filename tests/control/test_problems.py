"""Whatever is sent, the answer is a 2xx or a problem document that says what is wrong."""

import json
import socket
import time
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from tests.control.cast import App, Person
from tests.control.databases import SQLITE

JSON = {"content-type": "application/json"}


def raw(
    person: Person, content: bytes, headers: dict[str, str] | None = None, path: str = "/api/v1/orgs"
) -> httpx.Response:
    return person.http.post(path, content=content, headers=person.bearer | (JSON if headers is None else headers))


def check(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail"} | ({"errors"} if status == 422 else set())
    assert problem["status"] == status and problem["type"] == kind and problem["title"] and problem["detail"]
    return dict(problem)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"name": ',
        b"nonsense",
        b'{"name": "a"} x',
        b"\xff\xfe",
        b'{"name": "\xff"}',
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\udc00x"}',
        b"NaN",
        b'{"name": Infinity}',
        b"\xef\xbb\xbf{}",
        b"'a'",
        b"[" * 100_000,
        b'{"name":' * 50_000,
        b'{"a":1}{"a":2}',
        b"\x00",
        b'{"name": "\x01"}',
    ],
)
def test_what_is_not_json_is_malformed(alice: Person, content: bytes) -> None:
    check(raw(alice, content), 400, "malformed")


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"[]", ""),
        (b'"x"', ""),
        (b"null", ""),
        (b"5", ""),
        (b"{}", "name"),
        (b'{"name": 5}', "name"),
        (b'{"name": null}', "name"),
        (b'{"name": ["x"]}', "name"),
        (b'{"name": {"x": 1}}', "name"),
        (b'{"name": "a", "nme": "b"}', "nme"),
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "a", "x": {"y": ["\\u0000"]}}', "x.y.0"),
        (b'{"name": "a", "\\u0000": 1}', "\\0"),
        (b'{"name": ""}', "name"),
        (b'{"name": true}', "name"),
        (b'{"name": 1e999}', ""),
    ],
)
def test_what_is_json_of_another_shape_names_the_field(alice: Person, content: bytes, path: str) -> None:
    answer = raw(alice, content)
    if content == b'{"name": 1e999}':
        assert answer.status_code in (400, 422)
        return
    problem = check(answer, 422, "invalid")
    assert [fault["path"] for fault in problem["errors"]] == [path]
    assert all(fault["message"] for fault in problem["errors"])


def test_every_wrong_field_is_named_at_once(alice: Person) -> None:
    answer = alice.post("/api/v1/projects", {"name": 1, "environment": "x", "domains": [1], "colour": "red"})
    problem = check(answer, 422, "invalid")
    assert {fault["path"] for fault in problem["errors"]} == {"name", "environment", "domains.0", "colour"}
    message = next(fault["message"] for fault in problem["errors"] if fault["path"] == "name")
    assert message == "Expected text, got a whole number"


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html", "", "json"],
)
def test_only_json_is_taken(alice: Person, media_type: str) -> None:
    check(raw(alice, b'{"name": "a"}', {"content-type": media_type}), 415, "media-type")
    check(raw(alice, b'{"name": "a"}', {}), 415, "media-type")


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "application/vnd.api+json", "APPLICATION/JSON"]
)
def test_json_by_any_of_its_names_is_taken(alice: Person, media_type: str) -> None:
    assert raw(alice, b'{"name": "a"}', {"content-type": media_type}).status_code == 201


def test_no_body_where_one_is_needed_is_said_so(alice: Person) -> None:
    for headers in (None, {}):
        problem = check(raw(alice, b"", headers), 422, "invalid")
        assert problem["errors"] == [{"path": "", "message": "A body is needed"}]


def test_a_huge_body_is_refused_before_it_is_read(alice: Person) -> None:
    check(raw(alice, b'{"name": "' + b"x" * (1024 * 1024) + b'"}'), 413, "too-large")
    check(raw(alice, b'{"name": "' + b"x" * 20_000 + b'"}'), 422, "invalid")


def test_a_body_that_lies_about_its_length_is_no_harm(
    app: App, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = app.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        head = f"POST /api/v1/orgs HTTP/1.1\r\nHost: x\r\nAuthorization: {alice.bearer['authorization']}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{{".encode())
    time.sleep(0.2)
    assert alice.get("/api/v1/auth/me").status_code == 200
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("lmit=5", "lmit"),
        ("limit=5&limit=x", "limit"),
        ("deleted=perhaps", "deleted"),
        ("%00=1", "\\0"),
        ("limit=%ff", "limit"),
        ("=1", ""),
    ],
)
def test_a_wrong_query_names_the_parameter(alice: Person, query: str, path: str) -> None:
    answer = alice.http.get(f"/api/v1/orgs?{query}", headers=alice.bearer)
    problem = check(answer, 422, "invalid")
    assert [fault["path"] for fault in problem["errors"]] == [path]


def test_what_is_not_there_and_what_is_asked_wrongly(app: App, alice: Person) -> None:
    check(alice.get("/api/v1/nothing"), 404, "not-found")
    check(app.http.get("/nothing/at/all"), 404, "not-found")
    for path in ("/api/v1/orgs", "/orgs/"):
        refused = alice.call("PUT", path, {})
        check(refused, 405, "method-not-allowed")
        assert {"GET", "POST"} <= set(refused.headers["allow"].replace(" ", "").split(","))
    assert app.http.request("BREW", "/api/v1/orgs").status_code in (400, 405)


def test_credentials_come_before_the_body(app: App) -> None:
    answer = app.http.post("/api/v1/orgs", content=b"nonsense", headers=JSON)
    check(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.skipif(not SQLITE, reason="the trap is SQLite's")
def test_an_unexpected_failure_shows_nothing_of_the_inside(app: App, alice: Person) -> None:
    trap = "CREATE TRIGGER trap BEFORE UPDATE ON orgs BEGIN SELECT RAISE(ABORT, 'secret-detail'); END"
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    with app.db.write() as session:
        session.connection().exec_driver_sql(trap)
    try:
        answer = alice.patch(f"/api/v1/orgs/{org}", {"name": "x"})
    finally:
        with app.db.write() as session:
            session.connection().exec_driver_sql("DROP TRIGGER trap")
    check(answer, 500, "internal")
    assert "secret-detail" not in answer.text and "Traceback" not in answer.text and "sql" not in answer.text.lower()


def test_a_database_that_does_not_answer_is_503_with_when_to_come_back(app: App, alice: Person) -> None:

    with patch.object(
        app.db.engine.dialect, "do_execute", side_effect=OperationalError("x", {}, Exception("disk I/O error"))
    ):
        answer = alice.get("/api/v1/orgs")
    check(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0 and "disk" not in answer.text


def test_a_refusal_does_not_repeat_long_keys_for_every_fault(alice: Person) -> None:
    key = b'{"' + b"k" * 200 + b'":'
    content = key * 50 + b"[" + b",".join([b'"\\u0000"'] * 10_000) + b"]" + b"}" * 50
    assert len(raw(alice, content).content) < 20_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["name", "orgId", "description", "environment", "domains", "timezone", "label", "scope", "role", "email"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=VALUES | st.dictionaries(FIELDS, VALUES | st.text(), max_size=5),
    path=st.sampled_from(["orgs", "projects", "websites"]),
)
def test_any_json_at_all_is_taken_or_refused_with_reason(alice: Person, body: Any, path: str) -> None:  # noqa: ANN401
    answer = raw(alice, json.dumps(body).encode(), path=f"/api/v1/{path}")
    assert answer.status_code in (201, 400, 404, 422), answer.text
    if answer.status_code == 422:
        assert answer.json()["errors"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all_are_refused_with_reason(alice: Person, content: bytes) -> None:
    assert raw(alice, content).status_code in (400, 422)
