"""The route behind a raw path: ids become ``:id``, so that one endpoint is one line however many things it serves.

A segment is an id only when its shape says so: numbers, dates, UUIDs, hex hashes, ULIDs, long tokens. Names, versions
and slugs stay, since an endpoint that is cut too coarsely cannot be told apart again, and one cut too finely can.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

ID = ":id"

_SURE = re.compile(
    r"\d+"
    r"|\d{4}-\d{2}-\d{2}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=[a-f]*[0-9])(?:0x)?[0-9a-f]{16,}"  # shorter ones may be words, as face2face
    r"|(?=.*[0-9])[0-7][0-9a-hjkmnp-tv-z]{25}",  # https://github.com/ulid/spec
    re.ASCII | re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.[a-z]{2,5}\d?", re.ASCII)  # 123.json, 123.mp4
_PREFIX = re.compile(r"[A-Za-z]{1,10}(?:_(?:live|test))?_(?=[0-9A-Za-z]+\Z)", re.ASCII)  # cus_9s6XKzkNRiz8i3
_WORD = re.compile(r"[0-9A-Za-z]+", re.ASCII)
_END = re.compile(r"[?#]")

_LONG = 16  # characters of a token that nothing in front announces
_ANNOUNCED = 14
_MANY_DIGITS = 4
# How often a token changes between digits, small and capital letters, as a share of its length: chance makes it 0.6
# for all three (0.4 without capitals), names like ListV1Beta1Resources2 stay below.
_MIXED, _SMALL = 0.44, 0.2


@lru_cache(maxsize=8_192)
def fold(path: str) -> str:
    """The path without query and fragment, every id in it as ``:id``. Folding again changes nothing."""
    return "/".join(map(_segment, _END.split(path, maxsplit=1)[0].split("/")))


def _segment(text: str) -> str:
    stem, dot, suffix = text.rpartition(".")
    if stem and _SUFFIX.fullmatch(dot + suffix) and _is_id(stem):
        return ID + dot + suffix
    return ID if _is_id(text) else text


def _is_id(text: str) -> bool:
    if _SURE.fullmatch(text):
        return True
    announced = _PREFIX.match(text)
    rest = text[announced.end() :] if announced else text
    least = _ANNOUNCED if announced else _LONG
    return len(rest) >= least and _WORD.fullmatch(rest) is not None and _is_random(rest)


def _is_random(token: str) -> bool:
    """Whether digits and letters follow one another as chance makes them, not as people name things."""
    changes = sum(_sort(a) is not _sort(b) for a, b in pairwise(token)) / len(token)
    digits = sum(char.isdigit() for char in token)
    if token.lower() != token != token.upper():
        return digits > 0 and changes >= _MIXED
    return digits >= _MANY_DIGITS and changes >= _SMALL


def _sort(char: str) -> Callable[[str], bool]:
    return str.isdigit if char.isdigit() else str.islower if char.islower() else str.isupper
