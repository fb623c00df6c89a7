"""By which kind of way a visitor came: Google's default channel groups, and three ways more.

The rules and their order are those that Google documents for Analytics 4 ("Default channel group", Analytics Help,
answer 9756891), read from top to bottom, the first that fits. Beyond them: a click id counts as what its advertiser's
help says it marks, because ads are tagged by it alone; web mail and the media ``mail`` and ``newsletter`` count as
e-mail; assistants that answer with links are a channel of their own, which Google counts as referral.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pulseboard.writer.sources import click_ids, kind_of_source

_PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*")
_SHOPPING_CAMPAIGN = re.compile(r"(?:.*[^a-df-z])?shop.*|.*shopping.*")
_NO_MEDIUM = frozenset({"", "(none)", "(not set)"})
_DIRECT = frozenset({"", "direct", "(direct)"})
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
_EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail", "mail", "newsletter"})


class Traffic(NamedTuple):
    """How a page was reached, in lower case. ``kind`` is what the source is, ``paid`` whether somebody paid for it."""

    source: str
    medium: str
    campaign: str
    referrer: str
    click: str
    kind: str
    paid: bool


def _direct(t: Traffic) -> bool:
    untagged = t.source in _DIRECT and t.medium in _NO_MEDIUM and not t.campaign
    return untagged and not t.referrer and not t.click


def _shops(t: Traffic) -> bool:
    return t.kind == "shopping" or bool(_SHOPPING_CAMPAIGN.fullmatch(t.campaign))


def _push(t: Traffic) -> bool:
    told = t.medium.endswith("push") or "mobile" in t.medium or "notification" in t.medium
    return told or t.source == "firebase"


RULES: tuple[tuple[str, Callable[[Traffic], bool]], ...] = (
    ("Direct", _direct),
    ("Cross-network", lambda t: "cross-network" in t.campaign),
    ("Paid Shopping", lambda t: t.paid and _shops(t)),
    ("Paid Search", lambda t: t.paid and t.kind == "search"),
    ("Paid Social", lambda t: t.paid and t.kind == "social"),
    ("Paid Video", lambda t: t.paid and t.kind == "video"),
    ("Display", lambda t: t.medium in _DISPLAY or t.click == "display"),
    ("Paid Other", lambda t: t.paid),
    ("Organic Shopping", _shops),
    ("Organic Social", lambda t: t.kind == "social" or t.medium in _SOCIAL),
    ("Organic Video", lambda t: t.kind == "video" or "video" in t.medium),
    ("Organic Search", lambda t: t.kind == "search" or t.medium == "organic"),
    ("AI Assistants", lambda t: t.kind == "ai"),
    ("Email", lambda t: t.kind == "email" or t.medium in _EMAIL or t.source in _EMAIL),
    ("Affiliates", lambda t: t.medium in ("affiliate", "affiliates")),
    ("Referral", lambda t: t.medium in ("referral", "app", "link")),
    ("Audio", lambda t: t.medium == "audio"),
    ("SMS", lambda t: "sms" in (t.source, t.medium)),
    ("Mobile Push", _push),
    ("Referral", lambda t: bool(t.referrer) and t.medium in _NO_MEDIUM),
)
UNASSIGNED = "Unassigned"


@lru_cache(maxsize=4_096)
def channel_of(source: str, medium: str, campaign: str, click_id: str, referrer: str) -> str:
    """The channel of a page view: its UTM source, medium and campaign, its click, and the other site it came from."""
    traffic = _traffic(source.lower().strip(), medium.lower().strip(), campaign.lower(), click_id, referrer)
    return next((name for name, fits in RULES if fits(traffic)), UNASSIGNED)


def _traffic(source: str, medium: str, campaign: str, click_id: str, referrer: str) -> Traffic:
    click = click_ids().get(click_id, "")
    kind = kind_of_source(source) or click.removeprefix("paid ") or kind_of_source(referrer)
    paid = bool(_PAID.fullmatch(medium)) or click.startswith("paid")
    return Traffic(source, medium, campaign, referrer, click, kind, paid)
