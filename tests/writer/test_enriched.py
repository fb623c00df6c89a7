"""What the writer finds out about events on their way through it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.writer.pipeline import Pipeline, event
from tests.writer.test_places import write_places
from tests.writer.test_visitor import FIREFOX, view

from pulseboard.ingest.event import Event
from pulseboard.store import Store

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PLACE = "country, region, city"
AGENT = "browser, browser_version, os, os_version, device, bot"
WAY = "host, path, referrer_domain, channel, click_id"


@pytest.fixture
def pipeline(tmp_path: Path, store: Store) -> Iterator[Pipeline]:
    pipeline = Pipeline(tmp_path, store, places=write_places(tmp_path / "places.mmdb"))
    yield pipeline
    pipeline.close()


def through(pipeline: Pipeline, columns: str, *events: Event) -> list[tuple[Any, ...]]:
    pipeline.send(*events)
    assert pipeline.writer.drain() == len(events)
    return [tuple(row.values()) for row in pipeline.rows(columns)]


def told(number: int, **properties: object) -> Event:
    return event(minutes=number, properties=properties)


def test_a_visitor_has_a_place_a_browser_and_a_way(pipeline: Pipeline) -> None:
    page = {"url": "https://www.shop.example/a?gclid=x", "referrer": "https://www.google.com/"}
    [row] = through(pipeline, f"{PLACE}, {AGENT}, {WAY}", view(properties=page))
    assert row[:3] == ("GB", "England", "London")
    assert row[3:9] == ("Firefox", "140", "Linux", "", "desktop", 0)
    assert row[9:] == ("shop.example", "/a", "google.com", "Paid Search", "gclid")


def test_servers_say_address_and_agent_by_any_of_their_names(pipeline: Pipeline) -> None:
    names = [("ip", "userAgent"), ("ipAddress", "user_agent"), ("ip_address", "$user_agent"), ("$ip", "userAgent")]
    events = [told(n, **{ip: "81.2.69.142", agent: FIREFOX}) for n, (ip, agent) in enumerate(names)]
    rows = through(pipeline, "city, browser, device, bot", *events)
    assert rows == [("London", "Firefox", "desktop", 0)] * 4
    assert [row["ip"] for row in pipeline.rows("JSONExtractString(properties, 'ip') AS ip")] == [
        "81.2.69.142",
        "",
        "",
        "",
    ]


def test_values_of_another_kind_are_no_address_and_no_agent(pipeline: Pipeline) -> None:
    odd: list[Any] = [7, None, True, [], {}, ["81.2.69.142"], "", "10.0.0.1", "localhost", "x" * 5_000]
    rows = through(pipeline, "country", *(told(n, ip=value, userAgent=value) for n, value in enumerate(odd)))
    assert rows == [("",)] * len(odd)


def test_what_the_sender_says_is_believed_before_what_is_looked_up(pipeline: Pipeline) -> None:
    rows = through(
        pipeline,
        "country, region, city, browser, browser_version, os, device",
        told(0, ip="81.2.69.142", userAgent=FIREFOX, country="FR", browser="Arc", device="kiosk"),
        told(1, ip="81.2.69.142", userAgent=FIREFOX, country="GB", city="Camden", os="Linux"),
    )
    assert rows == [
        ("FR", "", "", "Arc", "", "Linux", "kiosk"),
        ("GB", "England", "Camden", "Firefox", "140", "Linux", "desktop"),
    ]


def test_bots_are_marked_among_browsers_only(pipeline: Pipeline) -> None:
    rows = through(
        pipeline,
        "bot, device",
        view(user_agent=GOOGLEBOT),
        view(user_agent="", minutes=1),
        view(minutes=2),
        told(3, userAgent=GOOGLEBOT),
        told(4, userAgent="curl/8.5.0"),
        event(minutes=5),
    )
    assert rows == [(1, "bot"), (1, ""), (0, "desktop"), (0, "bot"), (0, ""), (0, "")]


def test_a_way_inside_of_the_site_is_no_way_to_it(pipeline: Pipeline) -> None:
    def page(number: int, url: str, referrer: str) -> Event:
        return view(minutes=number, properties={"url": url, "referrer": referrer})

    rows = through(
        pipeline,
        "referrer_domain, channel",
        page(0, "https://shop.example/b", "https://www.shop.example/a"),
        page(1, "https://shop.example/b", "https://help.shop.example/a"),  # shop.example is the project's domain
        page(2, "https://other.example/b", "https://other.example/a"),
        page(3, "https://shop.example/b", "https://notshop.example/a"),
        page(4, "https://shop.example/b?utm_medium=email", "https://shop.example/a"),
        page(5, "https://shop.example/b", ""),
        page(6, "/relative", "https://chatgpt.com/"),
    )
    assert rows == [
        ("", ""), ("", ""), ("", ""), ("notshop.example", "Referral"), ("", "Email"), ("", "Direct"),
        ("chatgpt.com", "AI Assistants"),
    ]  # fmt: skip


def test_only_page_views_have_a_channel(pipeline: Pipeline) -> None:
    properties = {"url": "https://shop.example/", "referrer": "https://www.google.com/"}
    rows = through(
        pipeline,
        "channel, referrer_domain",
        event(type="CUSTOM", properties=properties),
        event(type="page_view", properties=properties, minutes=1),
        event(type="PAGE_VIEW", minutes=2),
    )
    assert rows == [("", "google.com"), ("Organic Search", "google.com"), ("Direct", "")]


def test_an_event_that_tells_nothing_more_is_stored_as_it_is(pipeline: Pipeline) -> None:
    rows = through(pipeline, f"{PLACE}, {AGENT}, {WAY}", told(0, plan="pro", value=9))
    assert rows == [("",) * 8 + (0,) + ("",) * 5]
