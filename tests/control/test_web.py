"""Cookies and CSRF, other places of routes, limits, set-up, pages, and what the OpenAPI document promises."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.control.cast import PASSWORD, App, Person, sign_up

from pulseboard import accounts
from pulseboard.kit.addresses import network_of
from pulseboard.settings import Limits
from pulseboard.web import canonical, static


@pytest.fixture
def browser(app: App) -> httpx.Client:
    """A client that keeps cookies, signed in."""
    email = f"browser-{time.monotonic_ns()}@example.com"
    client = httpx.Client(base_url=app.url, trust_env=False)
    assert client.post("/api/v1/auth/register", json={"email": email, "password": PASSWORD}).status_code == 201
    return client


def csrf(browser: httpx.Client) -> dict[str, str]:
    return {"x-csrf-token": browser.cookies["pb_csrf"]}


def test_tokens_travel_in_cookies_that_scripts_cannot_read(app: App) -> None:
    answer = app.http.post("/api/v1/auth/register", json={"email": "cookies@example.com", "password": PASSWORD})
    app.http.cookies.clear()
    set_cookies = {text.split("=")[0]: text.lower() for text in answer.headers.get_list("set-cookie")}
    assert set(set_cookies) == {"pb_access", "pb_refresh", "pb_csrf"}
    for name in ("pb_access", "pb_refresh"):
        assert "httponly" in set_cookies[name] and "samesite=lax" in set_cookies[name]
        assert "secure" not in set_cookies[name], "the public base URL is http here"
    assert "path=/api/v1/auth" in set_cookies["pb_refresh"]
    assert "httponly" not in set_cookies["pb_csrf"]


def test_cookies_are_secure_behind_https(make_app: Callable[..., App]) -> None:
    app = make_app(public_url="https://pulse.example.com")
    answer = app.http.post("/api/v1/auth/register", json={"email": "a@example.com", "password": PASSWORD})
    assert all("secure" in text.lower() for text in answer.headers.get_list("set-cookie"))
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_cookie_reads_but_changes_nothing_without_the_csrf_token(app: App, browser: httpx.Client) -> None:
    assert browser.get("/api/v1/auth/me").status_code == 200
    body = {"name": "Acme"}
    stranger = sign_up(app, "stranger")
    theirs = app.keyring.csrf_token(app.keyring.read_refresh_token(stranger.tokens["refreshToken"]).session_id)
    attempts: list[dict[str, str]] = [{}, {"x-csrf-token": ""}, {"x-csrf-token": "x"}, {"x-csrf-token": theirs}]
    for headers in attempts:
        refused = browser.post("/api/v1/orgs", json=body, headers=headers)
        assert refused.status_code == 403 and refused.json()["type"] == "csrf"
    assert browser.post("/api/v1/orgs", json=body, headers=csrf(browser)).status_code == 201


def test_a_planted_csrf_cookie_does_not_pass(browser: httpx.Client) -> None:
    planted = {"cookie": f"pb_access={browser.cookies['pb_access']}; pb_csrf=planted", "x-csrf-token": "planted"}
    with httpx.Client(base_url=browser.base_url, trust_env=False) as fresh:
        assert fresh.post("/api/v1/orgs", json={"name": "x"}, headers=planted).status_code == 403


def test_a_header_beats_the_cookie_and_needs_no_csrf_token(browser: httpx.Client, alice: Person) -> None:
    made = browser.post("/api/v1/orgs", json={"name": "Acme"}, headers=alice.bearer)
    assert made.status_code == 201
    assert alice.get(f"/api/v1/orgs/{made.json()['id']}").status_code == 200
    assert browser.get("/api/v1/auth/me", headers={"authorization": "Bearer nonsense"}).status_code == 401
    assert browser.get("/api/v1/auth/me", headers={"x-api-key": "sk_live_nonsense"}).status_code == 401


def test_a_cookie_is_renewed_with_the_csrf_token_and_tells_scripts_no_refresh_token(browser: httpx.Client) -> None:
    before = browser.cookies["pb_refresh"]
    assert browser.post("/api/v1/auth/refresh").status_code == 403
    renewed = browser.post("/api/v1/auth/refresh", headers=csrf(browser))
    assert renewed.status_code == 200 and "refreshToken" not in renewed.json()
    assert browser.cookies["pb_refresh"] != before
    assert browser.get("/api/v1/auth/me").status_code == 200


def test_logging_out_takes_the_cookies_away(browser: httpx.Client) -> None:
    assert browser.post("/api/v1/auth/logout").status_code == 403
    assert browser.post("/api/v1/auth/logout", headers=csrf(browser)).status_code == 204
    assert not browser.cookies
    assert browser.get("/api/v1/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/auth/login", "/api/v1/auth/login"),
        ("/api/login", "/api/v1/auth/login"),
        ("/api/register/", "/api/v1/auth/register"),
        ("/api/token/refresh", "/api/token/refresh"),
        ("/orgs", "/api/v1/orgs"),
        ("/orgs/7/members/", "/api/v1/orgs/7/members"),
        ("/projects/7/api-keys/8/rotate", "/api/v1/projects/7/api-keys/8/rotate"),
        ("/api/projects/", "/api/v1/projects"),
        ("/api/projects/7", "/api/v1/projects/7"),
        ("/websites", "/api/v1/websites"),
        ("/tenants", "/api/v1/tenants"),
        ("/api/v1/tenants/", "/api/v1/tenants"),
        ("/ingest/event", "/api/v1/ingest/event"),
        ("/events/bulk", "/api/v1/events/bulk"),
        ("/api/events/", "/api/events"),
        ("/metrics/overview", "/api/v1/metrics/overview"),
        ("/api/metrics", "/api/v1/metrics"),
        ("/api/dashboard/summary", "/api/v1/dashboard/summary"),
        ("/stats/7/top-pages", "/api/v1/stats/7/top-pages"),
        ("/analytics/events/by-type", "/api/v1/analytics/events/by-type"),
        ("/summaries", "/api/v1/summaries"),
        ("/alerts/7", "/api/v1/alerts/7"),
        ("/api/alerts/", "/api/v1/alerts"),
        ("/webhooks/stripe", "/api/v1/webhooks/stripe"),
        ("/admin/stats", "/api/v1/admin/stats"),
        ("/ai/query", "/api/v1/ai/query"),
        ("/live/7", "/api/v1/live/7"),
        ("/track", "/track"),
        ("/api/v1/track/", "/api/v1/track"),
        ("/", "/"),
        ("//", "/"),
        ("/app/projects/7", "/app/projects/7"),
        ("/orgsx", "/orgsx"),
        ("/api/v1/auth/api/login", "/api/v1/auth/api/login"),
    ],
)
def test_every_other_place_leads_to_one(path: str, where: str) -> None:
    assert canonical(path) == where


def test_trackmints_projects_are_made_at_their_own_place() -> None:
    assert canonical("/api/projects/", "POST") == "/api/projects"
    assert canonical("/api/projects/7", "DELETE") == "/api/v1/projects/7"


def test_the_same_handler_answers_everywhere(app: App, alice: Person) -> None:
    answers = [alice.get(path).text for path in ("/api/v1/orgs", "/api/v1/orgs/", "/orgs", "/orgs/")]
    assert len(set(answers)) == 1 and '"items"' in answers[0]
    signed_in = {
        path: app.http.post(path, json={"email": alice.email, "password": PASSWORD}).status_code
        for path in ("/api/v1/auth/login", "/auth/login", "/api/login", "/api/login/")
    }
    app.http.cookies.clear()
    assert set(signed_in.values()) == {200}


def test_head_is_get_without_the_body(app: App) -> None:
    asked = app.http.head("/health/live")
    assert asked.status_code == 200 and asked.content == b""
    assert asked.headers["content-length"] == str(len(app.http.get("/health/live").content))


def test_reads_are_limited_by_person_and_by_key(make_app: Callable[..., App]) -> None:
    app = make_app(limits=Limits(auth="1000/minute", read="5/hour"))
    alice, bob = sign_up(app, "alice"), sign_up(app, "bob")
    project = alice.project()["id"]
    key = {"x-api-key": alice.key(project)["key"]}
    answers = [alice.get("/api/v1/auth/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    over = answers[-1]
    assert over.headers["ratelimit-limit"] == "5" and 0 <= int(over.headers["ratelimit-reset"]) <= 3600
    assert int(over.headers["retry-after"]) >= 1 and over.json()["type"] == "rate-limited"
    assert bob.get("/api/v1/auth/me").status_code == 200, "another person has their own window"
    by_key = [app.http.get("/api/v1/projects", headers=key) for _ in range(6)]
    assert [answer.status_code for answer in by_key] == [200] * 5 + [429], "a key has its own window"
    refused = bob.get("/api/v1/projects/nothing")
    assert refused.status_code == 404 and refused.headers["ratelimit-remaining"] == "3"


def test_guessing_passwords_is_limited_by_address(make_app: Callable[..., App]) -> None:
    app = make_app(limits=Limits(auth="3/hour", read="1000/minute"))
    body = {"email": "a@example.com", "password": "wrong password"}
    answers = [app.http.post("/api/v1/auth/login", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[-1].headers["ratelimit-limit"] == "3" and int(answers[-1].headers["retry-after"]) >= 1
    assert app.http.post("/api/v1/setup", json={}).status_code == 429, "every door for strangers counts together"
    assert app.http.get("/api/v1/setup").status_code == 200


def test_an_ipv6_household_is_one_address() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("testclient") == "testclient"


SET_UP = {"email": "owner@example.com", "password": PASSWORD, "name": "Olivia"}


def test_the_holder_of_the_printed_token_becomes_the_superadmin_once(make_app: Callable[..., App]) -> None:
    app = make_app(registration="invite")
    folder = app.settings.server.data_dir
    token = accounts.setup_token(app.db, folder)
    assert token and accounts.setup_token(app.db, folder) == token, "a restart prints the same link"
    assert (folder / "setup-token").stat().st_mode & 0o777 == 0o600
    assert app.http.get("/api/v1/setup").json() == {"needed": True, "registration": "invite"}
    for wrong in ("", "x", token[:-1], token + "x", "é"):
        refused = app.http.post("/api/v1/setup", json=SET_UP | {"token": wrong})
        assert refused.status_code == 403 and refused.json()["type"] == "setup-token"
    weak = app.http.post("/api/v1/setup", json=SET_UP | {"token": token, "password": "password123"})
    assert weak.status_code == 422 and (folder / "setup-token").exists()
    made = app.http.post("/api/v1/setup", json=SET_UP | {"token": token})
    assert made.status_code == 201
    assert made.json()["user"]["roles"] == ["user", "superadmin"]
    assert [org["role"] for org in made.json()["user"]["orgs"]] == ["owner"]
    assert app.http.get("/api/v1/auth/me").json() == made.json()["user"], "the browser is signed in by its cookies"
    assert app.http.get("/api/v1/setup").json() == {"needed": False, "registration": "invite"}
    assert not (folder / "setup-token").exists()
    again = app.http.post("/api/v1/setup", json=SET_UP | {"token": token, "email": "second@example.com"})
    assert again.status_code == 409
    assert accounts.setup_token(app.db, folder) is None


def test_registering_is_closed_by_invitation_and_never_makes_a_superadmin(make_app: Callable[..., App]) -> None:
    closed = make_app(registration="invite")
    body = {"email": "a@example.com", "password": PASSWORD}
    refused = closed.http.post("/api/v1/auth/register", json=body)
    assert refused.status_code == 403 and refused.json()["type"] == "registration-closed"
    opened = make_app()
    assert opened.http.post("/api/v1/auth/register", json=body).json()["user"]["roles"] == ["user"]
    assert opened.http.get("/api/v1/setup").json() == {"needed": True, "registration": "open"}


def test_every_answer_is_safe_to_show(app: App) -> None:
    for path in ("/api/v1/setup", "/app/", "/docs", "/nothing", "/openapi.json", "/"):
        headers = app.http.get(path).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "script-src 'unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert app.http.get("/api/v1/setup").headers["cache-control"] == "no-store"
    assert "default-src 'none'" in app.http.get("/api/v1/setup").headers["content-security-policy"]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dashboard as its build leaves it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>app</title>")
    (folder / "assets" / "index-abc123.js").write_text("console.log('x');" * 200)
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(static, "BUILT", folder)
    return folder


def test_the_dashboard_is_served_with_its_own_routes(app: App, built: Path) -> None:
    for path in ("/app", "/app/", "/app/setup", "/app/projects/7/live"):
        answer = app.http.get(path)
        assert answer.text == (built / "index.html").read_text() and answer.headers["cache-control"] == "no-cache"
    assert app.http.get("/").headers["location"] == "/app/"
    asset = app.http.get("/app/assets/index-abc123.js")
    assert "immutable" in asset.headers["cache-control"] and asset.headers["content-type"].startswith("text/javascript")
    assert asset.headers["content-encoding"] == "gzip" and asset.text.startswith("console.log")
    again = app.http.get("/app/assets/index-abc123.js", headers={"if-none-match": asset.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert app.http.get("/app/assets/index-old.js").status_code == 404, "an old page must notice that it is old"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "..%2fsecret.txt", "assets/../../secret.txt", "%2e%2e/secret.txt", "/etc/passwd", "%00"]
)
def test_nothing_outside_the_folder_is_served(app: App, built: Path, path: str) -> None:
    assert built.exists()
    answer = httpx.Client(base_url=app.url, trust_env=False).get(f"/app/{path}")
    assert "secret" not in answer.text and "root:" not in answer.text


def test_a_name_that_no_file_can_have_is_an_address_of_the_app(app: App, built: Path) -> None:
    answer = app.http.get("/app/" + "a" * 5_000)
    assert answer.status_code == 200 and answer.text == (built / "index.html").read_text()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert app.http.get("/docs/" + "a" * 5_000).status_code == 404


def test_a_dashboard_that_was_not_built_says_so(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "BUILT", tmp_path / "nothing")
    answer = app.http.get("/app/")
    assert answer.status_code == 503 and "make dashboard" in answer.text


def test_the_documentation_page_fetches_nothing_from_elsewhere(app: App) -> None:
    page = app.http.get("/docs")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    for path in ("/docs/docs.js", "/docs/docs.css"):
        assert path in page.text and app.http.get(path).status_code == 200
    everything = "".join(app.http.get(path).text for path in ("/docs", "/docs/docs.js", "/docs/docs.css"))
    assert not re.search(r"https?://|src=\"//", everything)
    assert not re.search(r"<script>|<style>|\son\w+=", page.text), "the policy forbids inline script"


def test_health_tells_that_it_lives_and_whether_it_is_ready(app: App) -> None:
    assert app.http.get("/health/live").json() == {"status": "ok"}
    assert app.http.get("/health/ready").json() == {"status": "ok"}


@pytest.fixture(scope="module")
def document(app: App) -> dict[str, Any]:
    return dict(app.http.get("/openapi.json").json())


def operations_of(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()]


def test_every_operation_has_a_name_a_sentence_and_its_problems(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.")
    names = [operation["operationId"] for _, _, operation in operations_of(document)]
    assert len(names) == len(set(names)) and all(re.fullmatch("[a-z][a-zA-Z]+", name) for name in names)
    for path, _, operation in operations_of(document):
        responses = operation["responses"]
        assert operation["summary"] and operation["tags"], path
        assert min(responses) < "300", path
        problems = {status for status in responses if status >= "400"}
        if operation["security"]:
            assert {"401", "403", "429"} <= problems, path
        if "{" in path:
            assert "404" in problems, path
        if "requestBody" in operation:
            assert {"400", "415", "422"} <= problems, path
        for status in problems:
            assert list(responses[status]["content"]) == ["application/problem+json"], path


def test_the_documents_references_all_lead_somewhere(document: dict[str, Any]) -> None:
    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for inner in node.values() for found in references(inner)]
        return [found for inner in node for found in references(inner)] if isinstance(node, list) else []

    schemas = document["components"]["schemas"]
    assert references(document)
    assert {name.rsplit("/", 1)[1] for name in references(document)} <= set(schemas)
    assert {"id", "email", "name", "emailVerified", "roles", "status", "orgs"} <= set(schemas["UserOut"]["required"])
    assert schemas["ProjectIn"]["properties"]["environment"]["enum"] == ["prod", "staging", "dev"]
    assert schemas["ProjectIn"]["additionalProperties"] is False
    assert schemas["ProjectOut"]["properties"]["createdAt"]["format"] == "date-time"


def test_a_body_that_may_be_left_out_is_said_so(document: dict[str, Any]) -> None:
    rotate = document["paths"]["/api/v1/projects/{projectId}/api-keys/{keyId}/rotate"]["post"]
    assert rotate["requestBody"]["required"] is False
    assert rotate["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/RotateIn"}
    assert [p["name"] for p in rotate["parameters"] if p["in"] == "path"] == ["projectId", "keyId"]
