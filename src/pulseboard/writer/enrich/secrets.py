"""Finds what nobody meant to send: card numbers, keys and tokens, passwords, in messages and URLs.

The forms of the keys are those that their makers publish so that scanners find them. A word that only may be a secret
stays, because a message that is masked away helps nobody; so a number is a card's only with a card issuer's beginning,
its length and its check digit, and a parameter is secret by its name.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

MASK = "***"
MAX_CACHED = 512  # characters; what is longer is hardly ever seen twice

# Not in the middle of a word, nor of another key: each run of letters is looked at once, however long it is. What
# stands behind a percent sign is an encoded character, and no letter.
_START = r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))"
_VALUE = r"[^\s&#\"<>%]*(?:%(?!26)[^\s&#\"<>%]*)*"
_NAMED = (
    r"(?:token|passw(?:or)?d|passwd|passphrase|pwd|secret|credentials?|signature|(?:j|php|asp)sess(?:ion)?id"
    r"|(?:api|access|private|secret|auth)[_-]?key)[\])]?"
)
_NAMED_WORDS = ("token", "passw", "passphrase", "pwd", "secret", "credential", "signature", "sess", "key")


class Form(NamedTuple):
    """``words``, in lower case: a text without any of them is not searched. ``put`` stands in the place of a find."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    put: str | Callable[[re.Match[str]], str] = MASK


def _key(words: str, pattern: str) -> Form:
    return Form(tuple(words.split()), re.compile(_START + pattern))


FORMS = (
    Form(
        ("private key",),
        re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    ),
    _key("eyj", r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,3}"),
    _key("_live_ _test_", r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9_-]{8,}"),
    _key("whsec_", r"whsec_[A-Za-z0-9+/=_-]{16,}"),
    _key("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}"),
    _key("glpat-", r"glpat-[A-Za-z0-9_-]{20,}"),
    _key("akia asia aroa aida", r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _key("aiza ya29.", r"(?:AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,})"),
    _key("xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
    _key("sk-", r"sk-(?=[A-Za-z_-]*[0-9])(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{20,}"),
    _key("sg.", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _key("npm_ hf_ dop_v1_", r"(?:npm|hf|dop_v1)_[A-Za-z0-9]{30,}"),
    _key("pypi-", r"pypi-[A-Za-z0-9_-]{32,}"),
    _key("shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    Form(("hooks.slack.com",), re.compile(r"(hooks\.slack\.com/[a-z]+/)[A-Za-z0-9/_-]+"), r"\1" + MASK),
    Form(
        ("bearer", "basic"),
        re.compile(r"\b((?:bearer|basic)(?:\s+|%20|\+))(?=[A-Za-z._~/=-]*\d)[\w.~+/=-]{8,}", re.IGNORECASE),
        r"\1" + MASK,
    ),
    Form(("://",), re.compile(r"(://[^\s/:@?#]*:)[^\s/@?#]+(?=@)"), r"\1" + MASK),
    Form(
        ("code", "auth", "sig", "jwt", "otp", "pass", "pw"),
        re.compile(rf"((?:[?&;#]|%3F|%26|%23)(?:code|auth|sig|jwt|otp|pass|pw)(?:=|%3D)){_VALUE}", re.IGNORECASE),
        r"\1" + MASK,
    ),
    Form(
        _NAMED_WORDS,
        re.compile(rf"({_NAMED}(?:=|%3D))(?![\"'\\]){_VALUE}", re.IGNORECASE),
        r"\1" + MASK,
    ),
    Form(  # as JSON and programs write it
        _NAMED_WORDS,
        re.compile(rf"({_NAMED}\\?[\"']?\s*[:=]\s*(\\?[\"']))(?:(?!\2)(?:\\.|[^\\]))*", re.IGNORECASE | re.DOTALL),
        r"\1" + MASK,
    ),
    Form(  # as people write it: what follows is more than a word
        _NAMED_WORDS,
        re.compile(rf"({_NAMED}\s?[:=]\s)(?![\"'<(\[{{])(?=[A-Za-z]*[^\sA-Za-z,.;:!?])\S+", re.IGNORECASE),
        r"\1" + MASK,
    ),
)

_GAP = r"(?:[ +-]|%20)"
_CARD = re.compile(
    r"(?:(?<![A-Za-z0-9.])|(?<=%[0-9A-Fa-f]{2}))"
    rf"(?:\d{{13,19}}|\d{{4}}{_GAP}(?:\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{3}})?|\d{{6}}{_GAP}\d{{4,5}}))"
    r"(?![A-Za-z0-9]|\.\d)",
    re.ASCII,
)
# Beginning and length of the numbers of Visa, Mastercard, American Express, Discover, Diners Club, JCB and UnionPay.
# Visa's of 13 digits are long gone, and look like the bar codes of goods.
_ISSUED = re.compile(
    r"4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # digit sum of twice the digit


def clean(text: str) -> str:
    """The text with ``***`` in the place of every secret that was found."""
    return _clean_cached(text) if len(text) <= MAX_CACHED else _clean(text)


def _clean(text: str) -> str:
    lower = text.lower()
    for form in FORMS:
        if any(word in lower for word in form.words):
            text = form.pattern.sub(form.put, text)
    return _CARD.sub(_card, text)


_clean_cached = lru_cache(maxsize=8_192)(_clean)


def _card(match: re.Match[str]) -> str:
    digits = "".join(filter(str.isdecimal, match[0].replace("%20", "")))
    return MASK if _ISSUED.fullmatch(digits) and is_luhn(digits) else match[0]


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    backwards = [int(digit) for digit in reversed(digits)]
    return (sum(backwards[::2]) + sum(_DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0
