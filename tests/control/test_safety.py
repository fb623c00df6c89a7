"""What a hostile page, proxy or client may try, at a real server behind a TLS proxy at 127.0.0.2."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from bench.served import ALICE, Served, serving, set_up

PROXY, STRANGER = "127.0.0.2", "127.0.0.1"
ENV = {
    "PULSEBOARD_TRUSTED_PROXIES": f"{PROXY}/32, 10.1.0.0/16",
    "PULSEBOARD_PUBLIC_URL": "https://pulse.example.com",
    "PULSEBOARD_SECURITY_CONTACT": "mailto:security@example.com",
    "PULSEBOARD_REGISTRATION": "open",
}
LOGIN = {key: ALICE[key] for key in ("email", "password")}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("safety") / "data", ENV) as served:
        set_up(served)
        yield served


@pytest.fixture(scope="module")
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=60) as client:
        yield client


def signed_in_from(served: Served, at: str, headers: Mapping[str, str]) -> str:
    """The address of a sign-in as the session's list shows it."""
    transport = httpx.HTTPTransport(local_address=at)
    with httpx.Client(base_url=served.url, transport=transport, timeout=60) as client:
        answer = client.post("/api/v1/auth/login", json=LOGIN, headers=headers)
        bearer = {"authorization": f"Bearer {answer.json()['accessToken']}"}
        sessions = client.get("/api/v1/auth/sessions", headers=bearer).json()["items"]
        return str(next(session["address"] for session in sessions if session["current"]))


@pytest.mark.parametrize(
    ("at", "forwarded", "seen"),
    [
        (PROXY, "203.0.113.9", "203.0.113.9"),
        (PROXY, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (PROXY, "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (PROXY, "2001:db8::7", "2001:db8::7"),
        (PROXY, "", PROXY),
        (STRANGER, "203.0.113.9", STRANGER),
        (STRANGER, PROXY, STRANGER),
        (STRANGER, f"203.0.113.9, {PROXY}", STRANGER),
    ],
)
def test_only_configured_proxies_say_where_somebody_is(served: Served, at: str, forwarded: str, seen: str) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert signed_in_from(served, at, headers) == seen


@pytest.mark.parametrize("name", ["forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"])
def test_other_headers_say_nothing_about_where_somebody_is(served: Served, name: str) -> None:
    value = "for=203.0.113.9" if name == "forwarded" else "203.0.113.9"
    assert signed_in_from(served, PROXY, {name: value}) == PROXY


def test_a_garbled_address_harms_nothing(served: Served) -> None:
    for garbled in ("'; DROP TABLE users; --", "<script>", "é" * 20, "1.2.3.4.5", "[::1", "x" * 3_000):
        raw = httpx.Headers([(b"x-forwarded-for", garbled.encode())])
        assert len(signed_in_from(served, PROXY, raw)) <= 45


def test_links_and_redirects_never_follow_the_host_header(http: httpx.Client) -> None:
    hostile = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    assert http.get("/", headers=hostile).headers["location"] == "/app/"
    assert "evil.example" not in http.get("/.well-known/security.txt", headers=hostile).text
    assert "evil.example" not in http.get("/openapi.json", headers=hostile).text


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/..", "/\\evil.example", "/app//evil.example", "/%0d%0ax:y"]
)
def test_no_path_leads_to_another_site(http: httpx.Client, path: str) -> None:
    answer = httpx.get(f"{http.base_url}".rstrip("/") + path, follow_redirects=False)
    assert answer.headers.get("location", "/app/") == "/app/" and "x" not in answer.headers


def test_behind_tls_everything_stays_there(http: httpx.Client) -> None:
    answer = http.post("/api/v1/auth/login", json=LOGIN)
    http.cookies.clear()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 3 and all("Secure" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert sorted("HttpOnly" in cookie for cookie in cookies) == [False, True, True]
    assert all("domain=" not in cookie.lower() for cookie in cookies), "a neighbouring host gets none"


def test_every_answer_has_its_headers_and_no_page_may_read_it_from_elsewhere(http: httpx.Client) -> None:
    asked = {"origin": "https://evil.example"}
    for path in ("/app/", "/docs", "/api/v1/auth/me", "/nothing", "/openapi.json", "/health/live", "/api/v1/setup"):
        headers = http.get(path, headers=asked).headers
        assert not [name for name in headers if name.startswith("access-control-")], path
        assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
        assert "geolocation=()" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        scripts = policy.partition("script-src")[2].partition(";")[0]
        assert "unsafe" not in scripts and "unsafe-eval" not in policy, path
        assert "server" not in headers
    preflight = http.options("/api/v1/projects", headers=asked | {"access-control-request-method": "POST"})
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize("depth", [65, 200, 900, 990, 5_000, 200_000])
@pytest.mark.parametrize("kind", ["lists", "objects"])
def test_a_body_may_not_be_deeper_than_anybody_needs(http: httpx.Client, depth: int, kind: str) -> None:
    opened, closed = ("[", "]") if kind == "lists" else ('{"a":', "}")
    body = opened * depth + "1" + closed * depth
    answer = http.post("/api/v1/auth/login", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413), (answer.status_code, answer.text[:200])


def test_a_body_may_not_be_larger_than_a_mebibyte(http: httpx.Client) -> None:
    json = {"content-type": "application/json"}
    large = b'{"email":"' + b"a" * (1024 * 1024) + b'"}'
    assert http.post("/api/v1/auth/login", content=large, headers=json).status_code == 413
    assert http.post("/api/v1/auth/login", content=iter([large]), headers=json).status_code == 413, "in chunks"


def test_security_txt_says_whom_to_tell(http: httpx.Client) -> None:
    answer = http.get("/.well-known/security.txt")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.com" and fields["Expires"].endswith("Z")
    assert fields["Canonical"] == "https://pulse.example.com/.well-known/security.txt"


def test_a_forms_post_from_another_site_signs_nobody_in(http: httpx.Client) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""):
        body = '{"email":"alice@example.com","password":"correct horse battery"}'
        answer = http.post("/api/v1/auth/login", content=body, headers={"content-type": kind})
        assert answer.status_code == 415 and "set-cookie" not in answer.headers, kind


def test_nobody_learns_who_has_an_account(http: httpx.Client) -> None:
    def told(path: str, email: str) -> tuple[int, str]:
        body = {"email": email} | ({} if "forgot" in path else {"password": "not the right 9 horses"})
        answer = http.post(path, json=body)
        return answer.status_code, answer.text

    for path in ("/api/v1/auth/login", "/api/v1/auth/forgot-password"):
        assert told(path, ALICE["email"]) == told(path, "nobody@example.com")
