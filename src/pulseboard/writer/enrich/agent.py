"""What a user agent tells: browser, operating system, sort of device, and whether a program sent it.

Browser and system come from the uap-core rules (ua-parser), under the names that people know them by. Browsers tell
less than they did: an iPad that asks for desktop pages says that it is a Mac, and every Windows since 10 is 10.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import ua_parser
from crawlerdetect import CrawlerDetect  # type: ignore[import-untyped]

MAX_AGENT = 512  # characters that are looked at; longer ones are attacks, or lists of .NET versions

_BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Android WebView",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "iOS WebView",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "DuckDuckGo Mobile": "DuckDuckGo",
    "IE": "Internet Explorer",
    "IE Mobile": "Internet Explorer",
}
_LINUX = ("Ubuntu", "Kubuntu", "Debian", "Fedora", "CentOS", "Red Hat", "SUSE", "Linux Mint", "Arch Linux", "Gentoo")
_SYSTEMS = {
    "Mac OS X": "macOS",
    "Mac OS": "macOS",
    "Chrome OS": "ChromeOS",
    "Web0S": "webOS",
    **dict.fromkeys(_LINUX, "Linux"),
}
_DESKTOPS = frozenset({"Windows", "macOS", "Linux", "ChromeOS", "FreeBSD", "OpenBSD", "NetBSD", "Solaris"})

# In this order: a console says SmartTV, a television Android, and most tablets Mobile.
_SORTS = (
    ("console", re.compile(r"playstation|xbox|nintendo")),
    (
        "tv",
        re.compile(
            r"smart-?tv|google ?tv|android tv|apple ?tv|hbbtv|netcast|web0s|bravia|viera|roku|crkey|large screen"
            r"|\baft[a-z]{1,4}\b|\btv\b"
        ),
    ),
    ("wearable", re.compile(r"\bwatch\b|watchos|wear os")),
    ("tablet", re.compile(r"ipad|\btablet\b(?! pc)|kindle|silk/(?!.*mobile)|playbook|android(?!.*mobi)")),
    ("mobile", re.compile(r"mobi|iphone|ipod|opera mini|blackberry|windows phone|symbian|midp|kaios")),
)
_SAYS_SO = re.compile(
    r"https?://|www\.|headless|phantomjs|selenium|playwright|puppeteer|webdriver|synthetics|monitoring", re.IGNORECASE
)


class Agent(NamedTuple):
    """Empty is what is not known. ``device`` is desktop, mobile, tablet, tv, console, wearable or bot."""

    browser: str
    browser_version: str
    os: str
    os_version: str
    device: str


NOBODY = Agent("", "", "", "", "")


def read_agent(user_agent: str) -> Agent:
    """What a user agent tells."""
    return _read(user_agent[:MAX_AGENT]) if user_agent else NOBODY


def is_bot(user_agent: str) -> bool:
    """Whether a program, and no person, is behind a request that a browser should have sent.

    No agent at all, a crawler by uap-core or by CrawlerDetect's list, a tool for driving browsers or a link to its
    maker's page, or no word of a system or a device, which every browser tells.
    """
    return _is_bot(user_agent[:MAX_AGENT].strip())


@lru_cache(maxsize=4_096)
def _read(user_agent: str) -> Agent:
    found = ua_parser.parse(user_agent)
    browser, system = found.user_agent, found.os
    name = "" if browser is None else _BROWSERS.get(browser.family, browser.family)
    os = "" if system is None else _SYSTEMS.get(system.family, system.family)
    return Agent(
        name,
        (browser.major or "") if browser else "",
        os,
        ".".join(part for part in (system.major, system.minor) if part) if system else "",
        _device(user_agent.lower(), os, found.device),
    )


def _device(agent: str, os: str, device: ua_parser.Device | None) -> str:
    if device is not None and device.family == "Spider":
        return "bot"
    for sort, words in _SORTS:
        if words.search(agent):
            return sort
    if os in _DESKTOPS:
        return "desktop"
    return "mobile" if device is not None else ""


@lru_cache(maxsize=4_096)
def _is_bot(user_agent: str) -> bool:
    agent = _read(user_agent)
    if agent.device == "bot" or not (agent.os or agent.device):
        return True
    return bool(_SAYS_SO.search(user_agent)) or _crawlers().is_crawler(user_agent)


@cache
def _crawlers() -> CrawlerDetect:
    return CrawlerDetect()
