"""What is sent -> frozen values. Whatever is wrong is an ``Invalid`` that names its place."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import re2  # type: ignore[import-untyped]

from pulseboard.errors import Invalid
from pulseboard.insights import buckets, catalog
from pulseboard.insights.query import (
    GRAINS,
    OPERATORS,
    Dimension,
    Filter,
    Filters,
    FilterValue,
    Grain,
    Operator,
    Period,
)
from pulseboard.store.base import ProjectScope

DEFAULT_RANGE = "30d"
MAX_TEXT = 1_000  # characters; longer than any name, shorter than any URL line
MAX_KEY = 200
MAX_PATTERN = 200
MAX_VALUES = 200
FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # no event is older; the engine's days end long after LAST
LAST = datetime(2100, 1, 1, tzinfo=UTC)

RANGE = re.compile(r"([1-9][0-9]{0,5})([mhdw])", re.ASCII)
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(days=7),
}
_PATTERN_MEMORY = (
    1024 * 1024
)  # bytes of its program: less than the engine allows, so that what passes here passes there
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every read shares: whose events, when, in which time zone's days, and which of them."""

    scope: ProjectScope
    period: Period
    timezone: str
    filters: Filters = ()


def parse_timezone(word: str) -> str:
    """A name of the time zone database.

    Raises:
        Invalid: there is no such zone.
    """
    if word not in _zones():
        raise Invalid.field("timezone", "is not the name of a time zone, such as Europe/Berlin")
    return word


def parse_period(since: str | None, until: str | None, span: str | None, zone: ZoneInfo, now: datetime) -> Period:
    """The asked period: ``range`` back from now, or from and to; what is missing ends now and is 30 days long.

    Raises:
        Invalid: both were sent, one cannot be read, or nothing lies between them.
    """
    if span is not None and (since is not None or until is not None):
        raise Invalid.field("range", "cannot stand together with from or to")
    end = _next_second(now) if until is None else parse_time("to", until, zone)
    if since is not None:
        start = parse_time("from", since, zone)
    else:
        start = _back("to" if span is None else "range", end, parse_range(DEFAULT_RANGE if span is None else span))
    if start >= end:
        raise Invalid.field("from", "must be before to")
    return Period(start, end)


def parse_range(word: str, path: str = "range") -> timedelta:
    """``24h``, ``7d``: that many minutes (m), hours, days of 24 hours or weeks.

    Raises:
        Invalid: it does not look like that.
    """
    match = RANGE.fullmatch(word)
    if not match:
        raise Invalid.field(path, "must be a number of minutes, hours, days or weeks, such as 90m, 24h, 7d or 4w")
    return int(match[1]) * _UNITS[match[2]]


def parse_time(path: str, text: str, zone: ZoneInfo) -> datetime:
    """An RFC 3339 time; a date alone is its first instant in ``zone``, and a time without offset is read there.

    Rounded up to the milliseconds that events have, which changes neither what is at or after it nor what is before it.

    Raises:
        Invalid: it is no time, or no event can be there.
    """
    try:
        found = _read_time(text, zone) if _TIME.fullmatch(text) else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Invalid.field(path, "must be a time such as 2026-01-15T10:30:00Z, or a date")
    if not FIRST <= found <= LAST:
        raise Invalid.field(path, f"must lie between {FIRST.year} and {LAST.year}")
    return _whole(found)


def parse_grain(path: str, word: str, allowed: tuple[Grain, ...] = GRAINS) -> Grain:
    """One of the ``allowed`` lengths of a bucket.

    Raises:
        Invalid: it is none of them.
    """
    for grain in allowed:
        if word == grain:
            return grain
    raise Invalid.field(path, f"must be one of {', '.join(allowed)}")


def parse_text(path: str, text: str) -> str:
    """A text to compare with.

    Raises:
        Invalid: it is empty, too long, or holds what no event can.
    """
    if not text:
        raise Invalid.field(path, "must not be empty")
    return _sound(path, text, MAX_TEXT)


def parse_dimension(path: str, word: str) -> Dimension:
    """A dimension of the catalog or the key of a custom property.

    Raises:
        Invalid: it is empty, too long, or holds what no key can.
    """
    found = catalog.dimension(_sound(path, word, MAX_KEY))
    if not found.key:
        raise Invalid.field(path, "must name a property")
    return found


def make_filter(path: str, found: object) -> Filter:
    """One filter out of decoded JSON at ``path``.

    Raises:
        Invalid: naming the member that is wrong.
    """
    if not isinstance(found, dict):
        raise Invalid.field(path, "must be {property, operator, value}")
    for key in found.keys() - {"property", "operator", "value"}:
        raise Invalid.field(f"{path}.{key}", "is unknown")
    if not isinstance(found.get("property"), str):
        raise Invalid.field(f"{path}.property", "must be text")
    asked = parse_dimension(f"{path}.property", found["property"])
    operator = _operator(f"{path}.operator", found.get("operator"))
    return Filter(asked, operator, _values(f"{path}.value", asked, operator, found.get("value")))


def type_filter(word: str) -> Filter:
    """Events of that type: well-known ones without regard to case."""
    return Filter(catalog.TYPE, "is", (catalog.type_word(parse_text("type", word)),))


def name_filter(path: str, word: str) -> Filter:
    """Events of that name."""
    return Filter(catalog.NAME, "is", (parse_text(path, word),))


def _operator(path: str, word: object) -> Operator:
    for operator in OPERATORS:
        if word == operator:
            return operator
    raise Invalid.field(path, f"must be one of {', '.join(OPERATORS)}")


def _values(path: str, asked: Dimension, operator: Operator, value: object) -> tuple[FilterValue, ...]:
    match operator:
        case "set" | "not_set":
            if value is not None:
                raise Invalid.field(path, f"does not go with {operator}")
            return ()
        case "greater" | "greater_or_equal" | "less" | "less_or_equal":
            return (_bound(path, value),)
        case "between":
            return _bounds(path, value)
        case "contains" | "not_contains" | "starts_with" | "ends_with":
            return (_text(path, value),)
        case "matches":
            return (parse_pattern(path, _text(path, value)),)
        case _:
            return _alternatives(path, asked, value)


def parse_pattern(path: str, text: str) -> str:
    """A regular expression of RE2's syntax (https://github.com/google/re2/wiki/Syntax), as the engine reads it.

    Raises:
        Invalid: it is empty, longer than ``MAX_PATTERN``, or none.
    """
    if not 0 < len(text) <= MAX_PATTERN:
        raise Invalid.field(path, f"must be a pattern of 1 to {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors, options.dot_nl, options.max_mem = False, True, _PATTERN_MEMORY
    try:
        re2.compile(text, options)
    except re2.error:
        raise Invalid.field(path, "is not a regular expression that can be used here (RE2)") from None
    return text


def _text(path: str, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid.field(path, "must be text")
    return _sound(path, value, MAX_TEXT)


def _bound(path: str, value: object) -> float:
    number = _number(value)
    if number is None:
        raise Invalid.field(path, "must be a number")
    return number


def _bounds(path: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise Invalid.field(path, "must be a list of two numbers")
    low, high = (_bound(path, each) for each in value)
    if low > high:
        raise Invalid.field(path, "must have its lower number first")
    return low, high


def _alternatives(path: str, asked: Dimension, value: object) -> tuple[FilterValue, ...]:
    many = value if isinstance(value, list) else [value]
    if not 0 < len(many) <= MAX_VALUES:
        raise Invalid.field(path, f"must be one value or a list of 1 to {MAX_VALUES}")
    return tuple(_value(path, asked, each) for each in many)


def _value(path: str, asked: Dimension, value: object) -> FilterValue:
    """Numbers compare as numbers, and so does text where the column holds numbers; true and false are words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    numeric = not asked.custom and catalog.DIMENSIONS[asked.key].numeric
    number = _number(value) if numeric or not isinstance(value, str) else None
    if number is not None:
        return number
    if not isinstance(value, str):
        raise Invalid.field(path, "must be text, a number, true or false")
    text = _sound(path, value, MAX_TEXT)
    return catalog.type_word(text) if asked == catalog.TYPE else text


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _sound(path: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid.field(path, f"must have {longest} characters or fewer")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Invalid.field(path, "holds a character that no event can hold")
    return text


def _read_time(text: str, zone: ZoneInfo) -> datetime:
    if len(text) == len("2026-01-15"):
        return buckets.day_start(date.fromisoformat(text), zone)
    found = datetime.fromisoformat(text.upper())
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _next_second(now: datetime) -> datetime:
    """Who asks within the same second asks the same, and is given the same answer without asking the engine again."""
    return now + timedelta(microseconds=-now.microsecond % 1_000_000)


def _whole(moment: datetime) -> datetime:
    """Rounded up to milliseconds."""
    return moment + timedelta(microseconds=-moment.microsecond % 1000)


def _back(path: str, end: datetime, span: timedelta) -> datetime:
    if span > end - FIRST:
        raise Invalid.field(path, f"would begin before {FIRST.year}")
    return end - span


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
