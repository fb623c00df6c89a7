"""One line of a web server's access log: the common format of Apache and nginx, the combined one, and what they append.

address identity user [time] "request" status size "referrer" "user agent" anything else
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import urlsplit

MAX_LINE = 32 * 1024  # bytes; what is longer is not a log line, or an attack on whoever reads it

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    r"(?P<address>\S+) \S+ (?P<user>[^\[]*) \[(?P<time>[^\]]*)\] "
    rf"{_QUOTED.replace('(', '(?P<request>', 1)} (?P<status>\d{{3}}|-) (?P<size>\d+|-)"
    # The last quote may be missing: servers cut long lines.
    rf'(?: {_QUOTED.replace("(", "(?P<referrer>", 1)} "(?P<agent>(?:[^"\\]|\\.)*)(?:"|$))?(?:\s.*)?'
)
_TIME = re.compile(r"(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REQUEST = re.compile(r"([A-Z][A-Z-]{1,30}) (\S.*?)(?: (HTTP/\d(?:\.\d)?))?")
_ESCAPE = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|(["\\]))')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Refused(Exception):
    """A line that is no request; the message says why, in words that many lines share."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``timestamp`` is in ms since 1970, ``size`` in bytes; what the log leaves out is empty or 0.

    A client that sent no HTTP leaves ``method`` and ``target`` empty; ``raw`` is what the log has of it.
    """

    address: str
    user: str
    timestamp: int
    method: str
    target: str
    protocol: str
    status: int
    size: int
    referrer: str
    agent: str
    raw: str

    @property
    def path(self) -> str:
        """The target without its query; without scheme and host too, where a client took us for a proxy."""
        if "://" not in self.target:
            return self.target.partition("?")[0].partition("#")[0]
        try:
            return urlsplit(self.target).path or "/"
        except ValueError:
            return self.target.partition("?")[0]


def parse(line: bytes) -> Request:
    """The request that a line (without its end) tells of.

    Raises:
        Refused: it is no line of an access log, or its time does not exist.
    """
    if not line.strip():
        raise Refused("empty line")
    if b"\0" in line:
        raise Refused("contains NUL bytes")
    match = _LINE.fullmatch(line.decode("utf-8", "replace"))
    if match is None:
        raise Refused("not in the common or combined log format")
    raw = match["request"]
    method, target, protocol = _request(raw)
    return Request(
        match["address"],
        _given(match["user"]),
        _milliseconds(match["time"]),
        method,
        _plain(target),
        protocol,
        _number(match["status"]),
        _number(match["size"]),
        _plain(_given(match["referrer"])),
        _plain(_given(match["agent"])),
        raw,
    )


def _request(raw: str) -> tuple[str, str, str]:
    match = _REQUEST.fullmatch(raw)
    return (match[1], match[2], match[3] or "") if match else ("", "", "")


def _given(text: str | None) -> str:
    return "" if text is None or text == "-" else text


def _number(text: str) -> int:
    return 0 if text == "-" else int(text)


def _plain(text: str) -> str:
    """Undoes the server's escapes, but for control characters, which stay visible."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0x20 <= code < 0x7F else match[0]


@lru_cache(maxsize=1024)
def _milliseconds(text: str) -> int:
    match = _TIME.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        raise Refused("time is not like 17/May/2015:10:05:03 +0000")
    day, year, hour, minute, second = (int(match[part]) for part in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
    try:
        zone = timezone(-offset if match[7] == "-" else offset)
        moment = datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise Refused("time does not exist") from None
    if moment < _EPOCH:
        raise Refused("time is before 1970")
    return (moment - _EPOCH) // _MILLISECOND
