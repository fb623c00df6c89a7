"""What a URL tells: host, path, campaign, and whose click it was."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from pulseboard.writer.sources import click_ids

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


class UrlParts(NamedTuple):
    """``click_id`` is the name of the parameter by which an advertiser knows the click; its value names the visitor."""

    host: str
    path: str
    utm: tuple[tuple[str, str], ...]
    click_id: str


_NO_PARTS = UrlParts("", "", (), "")


@lru_cache(maxsize=8_192)
def split_url(url: str) -> UrlParts:
    """Host without ``www.``, path, campaign and click of a URL; nothing of what is no URL."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return _NO_PARTS
    query = parse_qs(parts.query) if parts.query else {}
    utm = tuple((name, query[name][0]) for name in UTM if name in query)
    return UrlParts(host, parts.path, utm, next((name for name in click_ids() if name in query), ""))


def is_within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether ``host`` is one of ``domains`` or a subdomain of one; both are in lower case."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)
