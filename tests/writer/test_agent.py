"""Browsers, systems and devices are told under the names that people know; programs are told from people."""

import pytest

from pulseboard.writer.enrich.agent import MAX_AGENT, NOBODY, is_bot, read_agent

MOZILLA = "Mozilla/5.0"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
# Name -> user agent, and what it tells: browser, its version, system, its version, device.
PEOPLE = {
    "firefox on linux": (
        f"{MOZILLA} (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ("Firefox", "140", "Linux", "", "desktop"),
    ),
    "edge on windows": (
        f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KHTML} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        ("Edge", "140", "Windows", "10", "desktop"),
    ),
    "safari on a mac": (
        f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.5 Safari/605.1.15",
        ("Safari", "17", "macOS", "10.15", "desktop"),
    ),
    "safari on an iphone": (
        f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1",
        ("Safari", "17", "iOS", "17.5", "mobile"),
    ),
    "safari on an ipad": (
        f"{MOZILLA} (iPad; CPU OS 16_6 like Mac OS X) {WEBKIT} Version/16.6 Mobile/15E148 Safari/604.1",
        ("Safari", "16", "iOS", "16.6", "tablet"),
    ),
    "chrome on an android phone": (
        f"{MOZILLA} (Linux; Android 10; K) {KHTML} Chrome/140.0.0.0 Mobile Safari/537.36",
        ("Chrome", "140", "Android", "10", "mobile"),
    ),
    "chrome on an android tablet": (
        f"{MOZILLA} (Linux; Android 10; K) {KHTML} Chrome/140.0.0.0 Safari/537.36",
        ("Chrome", "140", "Android", "10", "tablet"),
    ),
    "an app's own browser": (
        f"{MOZILLA} (Linux; Android 13; Pixel 7; wv) {KHTML} Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36",
        ("Android WebView", "120", "Android", "13", "mobile"),
    ),
    "a television": (
        f"{MOZILLA} (SMART-TV; Linux; Tizen 6.0) {KHTML} SamsungBrowser/2.2 TV Safari/537.36",
        ("Samsung Internet", "2", "Tizen", "6.0", "tv"),
    ),
    "a stick on a television": (
        f"{MOZILLA} (Linux; Android 7.1.2; AFTMM Build/NS6265) {KHTML} Chrome/70.0.3538.110 Mobile Safari/537.36",
        ("Chrome", "70", "Android", "7.1", "tv"),
    ),
    "a chromebook": (
        f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {KHTML} Chrome/140.0.0.0 Safari/537.36",
        ("Chrome", "140", "ChromeOS", "14541.0", "desktop"),
    ),
    "a tablet pc that is a windows": (
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727; Tablet PC 2.0)",
        ("Internet Explorer", "8", "Windows", "7", "desktop"),
    ),
}
PROGRAMS = {
    "nothing": "",
    "spaces": "   ",
    "a search engine": f"{MOZILLA} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "an assistant": f"{MOZILLA} {KHTML}; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "a user of an assistant": f"{MOZILLA} AppleWebKit/537.36 (KHTML, like Gecko; compatible; Perplexity-User/1.0)",
    "a crawler that plays a phone": f"{MOZILLA} (Linux; Android 6.0; Nexus 5) {KHTML} Chrome/50.0; Bytespider",
    "a headless browser": f"{MOZILLA} (X11; Linux x86_64) {KHTML} HeadlessChrome/120.0.0.0 Safari/537.36",
    "a driven browser": f"{MOZILLA} (Windows NT 10.0; x64) {KHTML} Chrome/120.0.0.0 Safari/537.36 Playwright/1.40.0",
    "a speed test": f"{MOZILLA} (X11; Linux x86_64) {KHTML} Chrome/117.0.0.0 Safari/537.36 GTmetrix",
    "a library": "python-requests/2.31",
    "a shell": "curl/8.5.0",
    "the bare word": MOZILLA,
    "a name nobody knows": "acme-preview/3",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_browser_tells_its_name_system_and_device(who: str) -> None:
    user_agent, told = PEOPLE[who]
    assert tuple(read_agent(user_agent)) == told
    assert not is_bot(user_agent)


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_program_is_known_as_one(what: str) -> None:
    assert is_bot(PROGRAMS[what])


def test_a_crawler_is_a_device_of_its_own_and_no_agent_tells_nothing() -> None:
    assert read_agent(PROGRAMS["a search engine"]).device == "bot"
    assert read_agent("") == NOBODY


def test_only_so_much_of_an_agent_is_looked_at() -> None:
    head = PEOPLE["firefox on linux"][0].ljust(MAX_AGENT)
    assert read_agent(head + "Googlebot " * 100_000) == read_agent(head)


def test_agents_that_nobody_should_send_are_read_without_harm() -> None:
    for odd in ("\x00", "🙂" * 400, "(" * 512, "Mozilla/5.0 (" + ";" * 400 + ")"):
        assert read_agent(odd) == NOBODY
        assert is_bot(odd)
