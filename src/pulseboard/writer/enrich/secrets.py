"""Finds what nobody meant to send: card numbers, keys and tokens, passwords, in messages and URLs.

The forms of the keys are those that their makers publish so that scanners find them. What only may be a secret stays,
because a message that is masked away helps nobody: so a number is a card's only with an issuer's beginning, its length
and its check digit, and a parameter is a secret by its name.

The sender chooses the text, so every form is found in time that grows with its length alone: a pattern begins with
letters that the engine skips to, and never looks at the same run of letters from every place in it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MASK = "***"
MAX_CACHED = 512  # characters; what is longer is hardly ever seen twice

Span = tuple[int, int]


class Form(NamedTuple):
    """``words``, in lower case: a text with none of them is not searched. The secret is the group, or the whole find.

    ``lower`` patterns are written in lower case and meant in any.
    """

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    lower: bool


def _key(words: str, prefix: str, rest: str) -> Form:
    """A key that begins with ``prefix``, not in the middle of a word; behind a percent sign stands no word."""
    begins = rf"(?:(?<![A-Za-z0-9_-]{prefix})|(?<=%[0-9A-Fa-f]{{2}}{prefix}))"
    return Form(tuple(words.split()), re.compile(prefix + begins + rest), lower=False)


def _told(words: str, pattern: str) -> Form:
    return Form(tuple(words.split()), re.compile(pattern, re.DOTALL), lower=True)


_VALUE = r"[^\s&#\"<>%]*(?:%(?!26)[^\s&#\"<>%]*)*"
_NAMES = (
    r"(?:token|passw(?:or)?d|passwd|passphrase|pwd|secret|credentials?|signature|(?:j|php|asp)sess(?:ion)?id"
    r"|(?:api|access|private|secret|auth)[_-]?key)[\])]?"
)
_NAMED = (
    rf"{_NAMES}(?:"
    rf"(?:=|%3d)(?![\"'\\])({_VALUE})"  # in a query
    r"|\\?[\"']?\s{0,9}[:=]\s{0,9}(?P<quote>\\?[\"'])(?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\\]))*)"  # in JSON
    # As people write it: what follows is more than a word.
    r"|\s?[:=]\s(?![\"'<(\[{])(?=[a-z]*[^\sa-z,.;:!?])(?P<said>\S+))"
)
_SHORT_NAMES = ("code", "auth", "sig", "jwt", "otp", "pass", "pw")

FORMS = (
    _key("eyj", "eyJ", r"[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,3}"),
    _key("_live_ _test_", "[spr]k_", r"(?:live|test)_[A-Za-z0-9_-]{8,}"),
    _key("whsec_", "whsec_", r"[A-Za-z0-9+/=_-]{16,}"),
    _key("ghp_ gho_ ghu_ ghs_ ghr_", "gh[pousr]_", r"[A-Za-z0-9]{20,}"),
    _key("github_pat_", "github_pat_", r"[A-Za-z0-9_]{20,}"),
    _key("glpat-", "glpat-", r"[A-Za-z0-9_-]{20,}"),
    _key("akia asia aroa aida", "A(?:KI|SI|RO|ID)A", r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _key("aiza", "AIza", r"[A-Za-z0-9_-]{35}"),
    _key("ya29.", r"ya29\.", r"[A-Za-z0-9_-]{20,}"),
    _key("xox", "xox[abeoprs]-", r"[A-Za-z0-9-]{10,}"),
    _key("sk-", "sk-", r"(?=[A-Za-z_-]*[0-9])(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{20,}"),
    _key("sg.", r"SG\.", r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _key("npm_", "npm_", r"[A-Za-z0-9]{30,}"),
    _key("hf_", "hf_", r"[A-Za-z0-9]{30,}"),
    _key("dop_v1_", "dop_v1_", r"[0-9a-f]{32,}"),
    _key("pypi-", "pypi-", r"[A-Za-z0-9_-]{32,}"),
    _key("shpat_ shpca_ shppa_ shpss_", "shp(?:at|ca|pa|ss)_", r"[0-9a-fA-F]{32}"),
    _told("hooks.slack.com", r"hooks\.slack\.com/[a-z]+/([a-z0-9/_-]+)"),
    _told("-----begin", r"-----begin [a-z0-9 ]*private key-----.*?(?:-----end [a-z0-9 ]*private key-----|\Z)"),
    _told("bearer basic", r"\bb(?:earer|asic)(?:\s{1,9}|%20|\+)(?=[a-z._~/=-]*\d)([\w.~+/=-]{8,})"),
    _told("://", r"://[^\s/:@?#]*:([^\s/@?#]+)(?=@)"),
    _told(
        " ".join(f"{name}= {name}%3d" for name in _SHORT_NAMES),
        rf"(?:[?&;#]|%3f|%26|%23)(?:{'|'.join(_SHORT_NAMES)})(?:=|%3d)({_VALUE})",
    ),
    _told("token passw passphrase pwd secret credential signature sess key", _NAMED),
)
_BY_WORD = tuple((word, form) for form in FORMS for word in form.words)

_GAP = r"(?:[ +-]|%20)"
_CARD = re.compile(
    r"[0-9](?:(?<![A-Za-z0-9.][0-9])|(?<=%[0-9A-Fa-f]{2}[0-9]))"
    rf"(?:[0-9]{{12,18}}|[0-9]{{3}}{_GAP}(?:[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}[0-9]{{3}})?"
    rf"|[0-9]{{6}}{_GAP}[0-9]{{4,5}}))(?![A-Za-z0-9]|\.[0-9])"
)
# Beginning and length of the numbers of Visa, Mastercard, American Express, Discover, Diners Club, JCB and UnionPay.
# Visa's of 13 digits are long gone, and look like the bar codes of goods.
_ISSUED = re.compile(
    r"4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # digit sum of twice the digit
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def clean(text: str) -> str:
    """The text with ``***`` in the place of every secret that was found."""
    return _clean_cached(text) if len(text) <= MAX_CACHED else _clean(text)


def _clean(text: str) -> str:
    spans = sorted([*_secrets(text), *_cards(text)])
    return _covered(text, spans) if spans else text


_clean_cached = lru_cache(maxsize=8_192)(_clean)


def _secrets(text: str) -> Iterator[Span]:
    lower = text.lower()
    if len(lower) != len(text):  # some letters become two
        lower = text.translate(_LOWER)
    for form in dict.fromkeys([form for word, form in _BY_WORD if word in lower]):
        for found in form.pattern.finditer(lower if form.lower else text):
            start, stop = found.span(found.lastgroup or found.lastindex or 0)
            if start < stop:
                yield start, stop


def _cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, found[0].replace("%20", "")))
        if _ISSUED.fullmatch(digits) and is_luhn(digits):
            yield found.span()


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    backwards = [int(digit) for digit in reversed(digits)]
    return (sum(backwards[::2]) + sum(_DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0


def _covered(text: str, spans: list[Span]) -> str:
    """The text with a mask over the spans, which come in order and may overlap."""
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        if start > end or not parts:
            parts += (text[end:start], MASK)
        end = max(end, stop)
    return "".join(parts) + text[end:]
