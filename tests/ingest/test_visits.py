"""``POST /track`` and its picture for pages without scripts: what was visited, and for which site."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingest.takes import body, faults, take

from pulseboard.errors import AppError, Invalid, Malformed
from pulseboard.ingest.doors import pixel, visit
from pulseboard.ingest.doors.visit import host_of
from pulseboard.ingest.parsed import Rejected

SITE = "018f0000-0000-7000-8000-000000000000"
VISIT: dict[str, Any] = {"websiteId": SITE, "eventType": "page_view", "url": "https://shop.example.com/cart?step=2"}


def test_a_visit_becomes_an_event_of_its_type() -> None:
    parsed = visit.parse(
        body(
            VISIT
            | {"referrer": "https://search.example/?q=1", "sessionId": 5, "userId": "u", "properties": {"plan": "pro"}}
        )
    )
    (event,), _ = take(parsed)
    assert (parsed.site, parsed.host) == (SITE, "shop.example.com")
    assert (event.type, event.name, event.session_id, event.user_id) == ("page_view", "page_view", "5", "u")
    assert event.properties == {"plan": "pro", "url": VISIT["url"], "referrer": "https://search.example/?q=1"}


def test_an_empty_referrer_is_none_and_the_page_beats_a_property() -> None:
    (event,), _ = take(visit.parse(body(VISIT | {"referrer": "", "properties": {"url": "elsewhere"}})))
    assert event.properties == {"url": VISIT["url"]}


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"url": "/cart"}, ["url"]),
        ({"url": "ftp://shop.example.com/"}, ["url"]),
        ({"url": "javascript:alert(1)"}, ["url"]),
        ({"url": 5}, ["url"]),
        ({"eventType": ""}, ["eventType"]),
        ({"page": "x"}, ["page"]),
        ({"properties": []}, ["properties"]),
        ({"websiteId": ""}, ["websiteId"]),
        ({"websiteId": 7}, ["websiteId"]),
        ({"userId": 1.5, "sessionId": {}}, ["userId", "sessionId"]),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], paths: list[str]) -> None:
    assert sorted(faults(visit.parse, VISIT | change)) == sorted(paths)


def test_a_wrong_visit_still_says_whose_it_is_so_that_the_owner_learns_of_it() -> None:
    parsed = visit.parse(body({"websiteId": SITE, "url": "https://evil.example/"}))
    assert (parsed.site, parsed.host) == (SITE, "evil.example")
    assert isinstance(parsed.raws[0], Rejected)


@pytest.mark.parametrize("value", [{}, [], 5, None, {"url": "https://shop.example.com/"}])
def test_what_names_no_site_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        visit.parse(body(value))
    assert refusal.value.errors


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://shop.example.com", "shop.example.com"),
        ("HTTP://Shop.Example.com:8080/a", "Shop.Example.com"),
        ("https://shop.example.com?x", "shop.example.com"),
        ("https://me:secret@shop.example.com/#a", "shop.example.com"),
        ("http://[::1]:3000/", "[::1]"),
        ("https://münchen.example/", "münchen.example"),
        ("https://shop.example.com\\@evil.example/", ""),
        ("https://evil.example\\.shop.example.com/", ""),
        ("https://evil.example@a@shop.example.com/", ""),
        ("https://shop.example.com:80:90/", ""),
        ("https://shop example.com/", ""),
        ("https:///path", ""),
        ("//shop.example.com/", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_page_is_read_as_browsers_do_or_not_at_all(url: str, host: str) -> None:
    assert host_of(url) == host


def seen(page: str = "", **query: str) -> Any:  # noqa: ANN401 -- an event, whose fields are looked at
    """The event of a picture that was asked for."""
    (event,), _ = take(pixel.parse(urlencode(query).encode(), page))
    return event


def test_a_picture_tells_a_page_view() -> None:
    event = seen(websiteId=SITE, url="https://shop.example.com/ä", referrer="", userId="u", sessionId="s", id="v-1")
    assert (event.type, event.user_id, event.session_id, event.id) == ("page_view", "u", "s", "v-1")
    assert event.properties == {"url": "https://shop.example.com/ä"}


def test_the_page_that_shows_the_picture_stands_in_for_the_url() -> None:
    assert seen("https://shop.example.com/a", websiteId=SITE).properties["url"] == "https://shop.example.com/a"
    named = seen("https://shop.example.com/a", websiteId=SITE, url="https://shop.example.com/b", eventType="open")
    assert (named.properties["url"], named.name) == ("https://shop.example.com/b", "open")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (f"websiteId={SITE}", "url"),
        (f"websiteId={SITE}&url=cart", "url"),
        (f"websiteId={SITE}&url=https://a.example/&colour=red", "colour"),
        (f"websiteId={SITE}&url=https://a.example/&url=https://b.example/", "url"),
        (f"websiteId={SITE}&url=https://a.example/&properties=1", "properties"),
        (f"websiteId={SITE}&url=https://a.example/%00", "url"),
        (f"websiteId={SITE}&url=https://a.example/&userId={'x' * 201}", "userId"),
        ("url=https://a.example/", "websiteId"),
    ],
)
def test_what_is_wrong_with_a_picture_is_named(query: str, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        take(pixel.parse(query.encode()))
    assert [fault.path for fault in refusal.value.errors] == [path]


@pytest.mark.parametrize("query", [b"websiteId=%ff", b"\xff", b"&".join(b"a%d=1" % n for n in range(100))])
def test_a_query_that_cannot_be_read_is_malformed(query: bytes) -> None:
    with pytest.raises(Malformed):
        pixel.parse(query)


@given(st.binary(max_size=60) | st.text().map(lambda text: f"websiteId={text}&url={text}".encode()), st.text())
def test_any_query_gives_an_event_or_a_refusal(query: bytes, page: str) -> None:
    try:
        take(pixel.parse(query, page))
    except AppError as refusal:
        assert refusal.status in (400, 422)
