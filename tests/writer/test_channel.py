"""The way to a page: Google's default channel groups, click ids, web mail and assistants."""

import pytest

from pulseboard.writer.enrich.channel import RULES, UNASSIGNED, channel_of
from pulseboard.writer.sources import kind_of_source
from pulseboard.writer.url import split_url

# Source, medium, campaign, click id, referrer -> channel.
WAYS = [
    (("", "", "", "", ""), "Direct"),
    (("(direct)", "(none)", "", "", ""), "Direct"),
    (("google", "cpc", "spring cross-network", "", ""), "Cross-network"),
    (("google", "cpc", "shopping-eu", "", ""), "Paid Shopping"),
    (("etsy", "paid", "", "", ""), "Paid Shopping"),
    (("Google", "CPC", "", "", "google.de"), "Paid Search"),
    (("", "", "", "gclid", "google.com"), "Paid Search"),
    (("", "", "", "msclkid", ""), "Paid Search"),
    (("facebook", "paid_social", "", "fbclid", "l.facebook.com"), "Paid Social"),
    (("", "", "", "ttclid", ""), "Paid Social"),
    (("youtube", "cpv-cpc", "", "", ""), "Paid Video"),
    (("news", "banner", "", "", ""), "Display"),
    (("news", "cpm", "", "", ""), "Display"),
    (("", "", "", "dclid", "news.example"), "Display"),
    (("partner", "retargeting", "", "", ""), "Paid Other"),
    (("", "", "", "", "amazon.co.uk"), "Organic Shopping"),
    (("", "", "", "", "l.facebook.com"), "Organic Social"),
    (("", "", "", "fbclid", ""), "Organic Social"),
    (("blog", "social", "", "", ""), "Organic Social"),
    (("", "", "", "", "news.ycombinator.com"), "Organic Social"),
    (("", "", "", "", "m.youtube.com"), "Organic Video"),
    (("", "", "", "", "google.co.uk"), "Organic Search"),
    (("", "", "", "", "duckduckgo.com"), "Organic Search"),
    (("some", "organic", "", "", ""), "Organic Search"),
    (("", "", "", "", "chatgpt.com"), "AI Assistants"),
    (("chatgpt.com", "", "", "", ""), "AI Assistants"),
    (("", "", "", "", "gemini.google.com"), "AI Assistants"),
    (("weekly", "email", "", "", ""), "Email"),
    (("", "", "", "", "mail.google.com"), "Email"),
    (("", "", "", "", "com.google.android.gm"), "Email"),
    (("", "", "", "mc_cid", ""), "Email"),
    (("partner", "affiliate", "", "", ""), "Affiliates"),
    (("partner", "link", "", "", ""), "Referral"),
    (("", "", "", "", "blog.example.org"), "Referral"),
    (("", "", "", "", "docs.google.com"), "Referral"),
    (("podcast", "audio", "", "", ""), "Audio"),
    (("sms", "", "", "", ""), "SMS"),
    (("app", "push", "", "", ""), "Mobile Push"),
    (("partner", "handshake", "", "", ""), UNASSIGNED),
    (("partner", "", "", "", ""), UNASSIGNED),
]


@pytest.mark.parametrize(("way", "channel"), WAYS, ids=lambda value: str(value))
def test_each_way_has_its_channel(way: tuple[str, str, str, str, str], channel: str) -> None:
    assert channel_of(*way) == channel


def test_every_channel_is_reached_by_an_example() -> None:
    assert {channel for _, channel in WAYS} == {name for name, _ in RULES} | {UNASSIGNED}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("www.google.com", "search"),
        ("google.evil.example.com", ""),
        ("notgoogle.com", ""),
        ("google", "search"),
        ("images.google.com.br", "search"),
        ("accounts.google.com", "other"),
        ("old.reddit.com", "social"),
        ("de.search.yahoo.com", "search"),
        ("mail.yahoo.com", "email"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_site_is_known_by_its_longest_name(source: str, kind: str) -> None:
    assert kind_of_source(source) == kind


def test_a_click_is_known_by_its_parameter_and_its_value_is_not_kept() -> None:
    parts = split_url("https://shop.example/a?utm_source=x&gclid=EAIaIQobChMI&utm_medium=")
    assert parts == ("shop.example", "/a", (("utm_source", "x"),), "gclid")
    assert split_url("https://shop.example/?mygclid=1").click_id == ""


def test_the_rule_that_comes_first_decides() -> None:
    assert channel_of("youtube", "video", "cross-network shop", "gclid", "google.com") == "Cross-network"
    assert channel_of("youtube", "cpc", "shop", "", "google.com") == "Paid Shopping"
