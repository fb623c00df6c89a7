"""Every call that the five briefs write down, through the real server, and what each door refuses."""

import gzip
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import zstandard
from tests.story.conftest import Person, eventually

NOW = datetime.now(UTC).isoformat()
DOMAIN = "shop.example.com"
PAGE = f"https://{DOMAIN}/cart?step=2"
CALL = {"endpoint": "/users/profile", "method": "GET", "status_code": 200, "response_time_ms": 145, "timestamp": NOW}
KEYED: list[tuple[str, dict[str, Any]]] = [
    ("/ingest/event", {"name": "a"}),
    ("/ingest/batch", {"events": [{"name": "a"}]}),
    ("/api/events/", {"event": "a"}),
    ("/events", {"type": "a"}),
    ("/events/bulk", {"events": [{"type": "a"}]}),
]


@dataclass(frozen=True)
class Site:
    """A website of somebody."""

    owner: Person
    id: str

    def track(self, headers: dict[str, str] | None = None, **event: Any) -> httpx.Response:  # noqa: ANN401
        body = {"websiteId": self.id, "eventType": "page_view", "url": PAGE} | event
        return self.owner.http.post("/track", json=body, headers=headers)

    def seen(self) -> list[dict[str, Any]]:
        """Its events, oldest first."""
        items: list[dict[str, Any]] = self.owner.get("/events", projectId=self.id).json()["items"]
        return items[::-1]


def site_of(person: Person) -> Site:
    made = person.http.post("/websites", json={"name": "Shop", "domain": DOMAIN}, headers=person.bearer)
    assert made.status_code == 201, made.text
    return Site(person, made.json()["id"])


def events(person: Person) -> list[dict[str, Any]]:
    """The project's events, oldest first."""
    items: list[dict[str, Any]] = person.get("/events", projectId=person.project_id).json()["items"]
    return items[::-1]


def fields(found: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(event[name] for name in names) for event in found]


def post(person: Person, path: str, body: object, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.http.post(path, json=body, headers=sent)


def test_devpulse_sends_a_failed_payment(alice: Person) -> None:
    metadata = {
        "service": "shopnexus-backend",
        "route": "/checkout",
        "method": "POST",
        "statusCode": 500,
        "message": "no",
    }
    event = {"type": "ERROR", "name": "payment_failed", "userId": "123", "metadata": metadata, "payload": {"cart": 1}}
    answer = post(alice, "/ingest/event", event, x_api_key=alice.key)
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    eventually(
        lambda: [(one["name"], one["userId"], one["statusCode"]) for one in events(alice)],
        [("payment_failed", "123", 500)],
    )


def test_api_analytics_sends_a_call_with_its_key_inside(alice: Person) -> None:
    assert post(alice, "/api/v1/track", CALL | {"api_key": alice.key}).status_code == 202
    listed = post(alice, "/api/v1/track/", [CALL, CALL | {"status_code": 9}], x_api_key=alice.key)
    assert (listed.status_code, listed.json()["accepted"]) == (202, 1)
    assert [refusal["index"] for refusal in listed.json()["rejected"]] == [1]
    eventually(
        lambda: [(one["type"], one["properties"]["endpoint"]) for one in events(alice)],
        [("REQUEST", "/users/profile")] * 2,
    )


def test_metricpulse_tracks_a_visit_without_any_credentials(alice: Person) -> None:
    site = site_of(alice)
    answer = site.track({"origin": f"https://www.{DOMAIN}", "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    assert answer.status_code == 202, answer.text
    eventually(
        lambda: [(one["type"], one["name"], one["userId"]) for one in site.seen()], [("page_view", "page_view", "")]
    )


def test_trackmint_sends_a_custom_event(alice: Person) -> None:
    event = {"event": "user_signup", "timestamp": NOW, "properties": {"user_id": 123, "plan": "premium"}}
    assert post(alice, "/api/events/", event, x_api_key=alice.key).status_code == 202
    assert post(alice, "/api/events", event, authorization=f"Api-Key {alice.key}").status_code == 202
    eventually(lambda: fields(events(alice), "name", "userId"), [("user_signup", "123")] * 2)


def test_the_saas_backend_sends_one_and_many(alice: Person) -> None:
    assert post(alice, "/events", {"type": "order", "userId": "7"}, x_api_key=alice.key).status_code == 202
    many = {"events": [{"type": "order", "name": "paid"}, {"name": "no type"}]}
    answer = post(alice, "/api/v1/events/bulk/", many, authorization=f"Bearer {alice.key}")
    assert (answer.status_code, answer.json()["accepted"], len(answer.json()["rejected"])) == (202, 1, 1)
    eventually(lambda: fields(events(alice), "type", "name"), [("order", "order"), ("order", "paid")])


@pytest.mark.parametrize(("path", "body"), KEYED)
def test_a_keyed_door_takes_keys_and_nothing_else(alice: Person, path: str, body: dict[str, Any]) -> None:
    for headers in ({}, {"x-api-key": "pk_live_nobody"}, alice.bearer, {"authorization": "Basic YTpi"}):
        refused = alice.http.post(path, json=body, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (401, "unauthenticated")
        assert refused.headers["www-authenticate"] == "Bearer"
    for prefix in ("", "/api/v1"):
        if path != "/api/events/":
            assert post(alice, prefix + path.rstrip("/") + "//", body, x_api_key=alice.key).status_code == 202
    misspelt = {"unknown": 1} | body
    assert [fault["path"] for fault in post(alice, path, misspelt, x_api_key=alice.key).json()["errors"]] == ["unknown"]


@pytest.mark.parametrize("path", ["/track", "/api/events", "/api/v1/track"])
def test_some_doors_stand_in_one_place_only(alice: Person, path: str) -> None:
    elsewhere = {"/track": "/api/v1/track", "/api/v1/track": "/track"}.get(path, "/api/v1" + path)
    body = {"websiteId": "x"} if elsewhere == "/track" else {"event": "a"}
    answer = post(alice, elsewhere, body, x_api_key=alice.key)
    assert answer.status_code in (404, 405, 422), "quite another door, or none"


@pytest.mark.parametrize(("path", "allowed"), [
    ("/ingest/event", "POST, OPTIONS"),
    ("/track", "POST, OPTIONS"),
    ("/events", "GET, HEAD, POST, OPTIONS"),
    ("/track.gif", "GET, HEAD, OPTIONS"),
])  # fmt: skip
def test_other_methods_are_told_which_there_are(alice: Person, path: str, allowed: str) -> None:
    answer = alice.http.request("PUT", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["type"] == "method-not-allowed"


def test_events_are_read_where_they_are_sent(alice: Person) -> None:
    for path in ("/events", "/api/v1/events", "/events/"):
        assert alice.get(path, projectId=alice.project_id).json()["items"] == []
        assert alice.http.head(path, params={"projectId": alice.project_id}, headers=alice.bearer).status_code == 200


def test_a_key_in_the_body_must_be_one_and_the_same_as_in_the_header(alice: Person, charlie: Person) -> None:
    assert post(alice, "/api/v1/track", CALL).status_code == 401
    taken = post(alice, "/api/v1/track", CALL | {"api_key": alice.key})
    assert (taken.status_code, len(taken.headers.get_list("ratelimit-remaining"))) == (202, 1)
    assert post(alice, "/api/v1/track", CALL | {"api_key": "sk_live_nobody"}).status_code == 401
    assert post(alice, "/api/v1/track", {"api_key": "sk_live_nobody"}).status_code == 401, "who asks comes first"
    torn = post(alice, "/api/v1/track", CALL | {"api_key": charlie.key}, x_api_key=alice.key)
    assert (torn.status_code, torn.json()["errors"][0]["path"]) == (422, "api_key")
    mixed = post(alice, "/api/v1/track", [CALL | {"api_key": person.key} for person in (alice, charlie)])
    assert (mixed.json()["accepted"], mixed.json()["rejected"][0]["errors"][0]["path"]) == (1, "api_key")
    eventually(lambda: len(events(alice)), 2)
    assert events(charlie) == []


def test_what_a_bad_call_lacks_is_shown_to_the_owner_of_the_key_inside(alice: Person) -> None:
    assert post(alice, "/api/v1/track", {"api_key": alice.key}).status_code == 422

    def refused() -> dict[str, int]:
        found = alice.get(f"/projects/{alice.project_id}/ingestion").json()["refused"]
        return {item["reason"]: item["events"] for item in found}

    eventually(refused, {"invalid": 1})


def test_a_visited_page_is_on_the_sites_domains_whoever_says_so(alice: Person) -> None:
    site = site_of(alice)
    key = alice.http.post(f"/projects/{site.id}/api-keys", json={"label": "b", "scope": "secret"}, headers=alice.bearer)
    nobody: dict[str, str] = {}
    for headers in (nobody, alice.bearer, {"x-api-key": key.json()["key"]}):
        for url in ("https://evil.example/", f"https://{DOMAIN}.evil.example/", f"https://not{DOMAIN}/"):
            refused = site.track(headers, url=url)
            assert (refused.status_code, refused.json()["type"]) == (403, "domain"), url
        for url in (f"https://{DOMAIN}/", f"http://m.{DOMAIN.upper()}:8080/"):
            assert site.track(headers, url=url).status_code == 202, url
        assert site.track(headers, url="/cart").status_code == 422


def test_a_page_of_another_site_reports_nothing(alice: Person) -> None:
    site = site_of(alice)
    for origin in ("https://evil.example", "null", f"https://{DOMAIN}.evil.example", "file://"):
        refused = site.track({"origin": origin})
        assert (refused.status_code, refused.json()["type"]) == (403, "origin"), origin
        assert "access-control-allow-origin" not in refused.headers
        for header in ("origin", "referer"):
            query = {"websiteId": site.id, "url": PAGE}
            assert alice.http.get("/track.gif", params=query, headers={header: origin}).status_code == 403
    assert site.track({"origin": "https://evil.example", **alice.bearer}).status_code == 202, "people may test it"
    assert site.track({"origin": f"http://{DOMAIN}:3000"}).status_code == 202


def test_the_person_who_reports_a_visit_is_not_its_user(alice: Person) -> None:
    site = site_of(alice)
    assert site.track(alice.bearer).status_code == 202
    assert site.track(alice.bearer, userId="visitor").status_code == 202
    eventually(lambda: [one["userId"] for one in site.seen()], ["", "visitor"])


def test_a_strangers_token_or_key_reports_nothing_for_a_site(alice: Person, charlie: Person) -> None:
    site = site_of(alice)
    for headers in (charlie.bearer, {"x-api-key": charlie.key}, {"authorization": f"Bearer {charlie.key}"}):
        assert (site.track(headers).status_code, site.track(headers).json()["type"]) == (404, "not-found")
    for token in ("nonsense", charlie.token[:-2]):
        assert site.track({"authorization": f"Bearer {token}"}).status_code == 401
    assert site.track({"x-api-key": "pk_live_nobody"}).status_code == 401
    for unknown in ("018f0000-0000-7000-8000-000000000000", "shop", charlie.project_id):
        answer = site.track(websiteId=unknown)
        assert answer.status_code == 404, "a project without a domain is no site"
    assert site.track({"x-api-key": f"site:{site.id}"}).status_code == 401
    assert post(alice, "/ingest/event", {"name": "a"}, x_api_key=f"site:{site.id}").status_code == 401


def test_browsers_are_answered_as_the_sites_domains_allow(alice: Person) -> None:
    site = site_of(alice)
    origin = f"https://{DOMAIN}"
    for answer in (site.track({"origin": origin}), site.track({"origin": origin}, eventType="")):
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers["vary"] == "origin"
    asked = alice.http.options("/track", headers={"origin": origin, "access-control-request-method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, origin)
    assert "content-type" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in site.track().headers


def test_a_beacon_is_plain_text(alice: Person) -> None:
    site = site_of(alice)
    body = json.dumps({"websiteId": site.id, "eventType": "page_view", "url": PAGE})
    sent = alice.http.post("/track", content=body, headers={"content-type": "text/plain;charset=UTF-8"})
    assert sent.status_code == 202, sent.text
    assert alice.http.post("/track", content=body, headers={"content-type": "text/html"}).status_code == 415


def test_a_picture_counts_a_view_and_is_never_kept(alice: Person) -> None:
    site = site_of(alice)
    page = {"referer": f"https://{DOMAIN}/about"}
    for query in ({}, {"url": PAGE, "eventType": "opened", "userId": "u"}):
        seen = alice.http.get("/track.gif", params={"websiteId": site.id, **query}, headers=page)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/gif")
        assert seen.headers["cache-control"] == "no-store" and seen.content.startswith(b"GIF89a")
    assert alice.http.head("/track.gif", params={"websiteId": site.id, "url": PAGE}).status_code == 200
    expected = [("page_view", f"https://{DOMAIN}/about"), ("opened", PAGE)]
    eventually(lambda: [(one["name"], one["properties"]["url"]) for one in site.seen()], expected)


def test_a_refused_picture_is_a_picture_for_a_page_and_a_problem_for_a_program(alice: Person) -> None:
    site = site_of(alice)
    asked = {"websiteId": site.id, "url": "https://evil.example/"}
    shown = alice.http.get("/track.gif", params=asked, headers={"accept": "image/avif,image/webp,*/*;q=0.8"})
    assert (shown.status_code, shown.headers["content-type"]) == (403, "image/gif")
    told = alice.http.get("/track.gif", params=asked)
    assert (told.status_code, told.json()["type"]) == (403, "domain")
    unknown = alice.http.get("/track.gif", params={"websiteId": site.id, "page": PAGE})
    assert [fault["path"] for fault in unknown.json()["errors"]] == ["page"]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "br": brotli.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_many_lines_are_taken_plain_and_packed(alice: Person, encoding: str) -> None:
    lines = b"".join(b'{"name":"e%d","properties":{"t":"%b"}}\n' % (n, b"x" * 300) for n in range(1_000)) + b"{\n"
    headers = {"x-api-key": alice.key, "content-type": "application/x-ndjson", "content-encoding": encoding}
    answer = alice.http.post("/ingest/batch", content=PACKERS[encoding](lines), headers=headers)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1_000)
    assert [refusal["index"] for refusal in answer.json()["rejected"]] == [1_000]


def test_other_packings_are_told_which_there_are(alice: Person) -> None:
    headers = {"x-api-key": alice.key, "content-encoding": "deflate"}
    answer = alice.http.post("/ingest/event", content=b"{}", headers=headers)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip, zstd, br")
    lines = alice.http.post(
        "/ingest/event", content=b"{}", headers={"x-api-key": alice.key, "content-type": "application/x-ndjson"}
    )
    assert lines.status_code == 415 and "accept-encoding" not in lines.headers


def test_a_body_without_a_type_is_json(alice: Person) -> None:
    answer = alice.http.post("/ingest/event", content=b'{"name":"a"}', headers={"x-api-key": alice.key})
    assert answer.status_code == 202
    assert "content-type" not in answer.request.headers


@pytest.mark.parametrize("length", ["-1", "abc", "1_0", "9" * 5_000])
def test_a_length_that_is_no_number_is_refused(alice: Person, length: str) -> None:
    address = urlsplit(str(alice.http.base_url))
    request = f"POST /ingest/event HTTP/1.1\r\nhost: x\r\nx-api-key: {alice.key}\r\ncontent-length: {length}\r\n\r\n"
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as peer:
        peer.sendall(request.encode() + b"{}")
        assert peer.recv(64).split()[1] in (b"400", b"413")


def test_an_id_makes_sending_again_harmless_at_every_door(alice: Person) -> None:
    site = site_of(alice)
    key = alice.http.post(f"/projects/{site.id}/api-keys", json={"label": "b"}, headers=alice.bearer).json()["key"]
    for _ in range(2):
        for path, body in (
            ("/ingest/event", {"name": "a", "id": "one"}),
            ("/events", {"type": "a", "id": "one"}),
            ("/api/events/", {"event": "a", "id": "one"}),
            ("/api/v1/track", CALL | {"id": "one"}),
        ):
            assert post(alice, path, body, x_api_key=key).status_code == 202
        assert site.track(id="one").status_code == 202
    assert site.track(eventType="last").status_code == 202
    eventually(lambda: len(site.seen()), 2)
