"""Which sites are search engines, social networks and so on: ``sources.toml``, ready to be asked."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

# A wildcard stands for a country's domain, which is one or two labels: de, co.uk, com.br.
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "ne", "or", "gov", "edu", "ac"})


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("sources.toml").read_text(encoding="utf-8"))


@cache
def click_ids() -> Mapping[str, str]:
    """Parameter of a landing page's URL -> what its click was, such as "paid search" or "social"."""
    clicks: dict[str, str] = _lists()["clicks"]
    return clicks


@cache
def _kinds() -> dict[str, str]:
    return {site: kind for kind, sites in _lists()["sites"].items() for site in sites}


@lru_cache(maxsize=8_192)
def kind_of_source(source: str) -> str:
    """``search``, ``social``, ``video``, ``shopping``, ``email`` or ``ai``; empty for every other site.

    ``source`` is a host, or a name that a campaign gives itself, in lower case. The longest name that fits decides, so
    that mail.google.com is not Google's search.
    """
    labels = source.removeprefix("www.").split(".")
    kinds = _kinds()
    for start in range(len(labels)):
        if kind := kinds.get(".".join(labels[start:])) or kinds.get(_with_wildcard(labels[start:])):
            return kind
    return ""


def _with_wildcard(labels: list[str]) -> str:
    """``google.co.uk`` as ``google.*``; empty where more than a country's domain follows the name."""
    country = labels[1:]
    fits = len(country) == 1 or (len(country) == 2 and country[0] in _SECOND_LEVEL)
    return f"{labels[0]}.*" if fits else ""
