"""Filters as they are sent -> ``Filters``: lists, groups, what users did, and saved segments."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from pulseboard.errors import FieldError, Invalid, sentence
from pulseboard.insights.parse import make_filter, name_filter, parse_period, type_filter
from pulseboard.insights.query import Condition, Did, Filters, Group, Period
from pulseboard.store.base import ProjectScope

MAX_CONDITIONS = 100  # of one question, those inside groups, users' deeds and segments included
MAX_DEPTH = 5  # of groups in groups
MAX_DEEDS = 5  # each is a read of its own
MAX_TIMES = 1_000_000
_SHAPE = "must be {property, operator, value}, or one of {and}, {or}, {did}, {didNot}, {segment}"

Segments = Callable[[str], object]  # a saved segment's id -> its filters as they were sent; None where there is none


@dataclass(frozen=True, slots=True)
class Around:
    """What filters need to know besides their own words: whose events, the asked period, the zone and the time."""

    scope: ProjectScope
    period: Period
    timezone: str
    now: datetime
    segments: Segments


@dataclass(slots=True)
class _Reading:
    """Counts while it reads, and knows the segments that it is in."""

    around: Around
    conditions: int = 0
    deeds: int = 0
    inside: list[str] = field(default_factory=list)

    def count(self, path: str) -> None:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise Invalid.field(path, f"is one condition more than the {MAX_CONDITIONS} there may be")


def decode_filters(text: str | None) -> object:
    """The ``filters`` parameter of a URL as JSON; nothing sent is an empty list.

    Raises:
        Invalid: naming ``filters``.
    """
    if text is None:
        return []
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid.field("filters", "must be JSON") from None


def make_filters(path: str, found: object, around: Around, inside: tuple[str, ...] = ()) -> Filters:
    """Decoded JSON: a list of conditions that must all hold, or a single one.

    ``inside`` are ids of segments that must not occur: of the one that is being changed.

    Raises:
        Invalid: naming the member below ``path`` that is wrong.
    """
    reading = _Reading(around, inside=list(inside))
    if isinstance(found, list):
        return _all(path, found, reading, 0)
    if isinstance(found, dict):
        return (_condition(path, found, reading, 0),)
    raise Invalid.field(path, f"must be a list, of which each {_SHAPE}")


def _all(path: str, found: list[object], reading: _Reading, depth: int) -> Filters:
    return tuple(_condition(f"{path}.{i}", each, reading, depth) for i, each in enumerate(found))


def _condition(path: str, found: object, reading: _Reading, depth: int) -> Condition:
    reading.count(path)
    if not isinstance(found, dict):
        raise Invalid.field(path, _SHAPE)
    match found:
        case {"and": parts}:
            return _group(path, found, "and", parts, reading, depth)
        case {"or": parts}:
            return _group(path, found, "or", parts, reading, depth)
        case {"did": deed}:
            return _did(path, found, "did", deed, reading)
        case {"didNot": deed}:
            return _did(path, found, "didNot", deed, reading)
        case {"segment": id}:
            return _segment(path, found, id, reading, depth)
    return make_filter(path, found)


def _alone(path: str, found: dict[str, object], key: str) -> None:
    for other in found.keys() - {key}:
        raise Invalid.field(f"{path}.{other}", f"cannot stand beside {key}")


def _group(path: str, found: dict[str, object], word: str, parts: object, reading: _Reading, depth: int) -> Group:
    _alone(path, found, word)
    if depth >= MAX_DEPTH:
        raise Invalid.field(path, f"is nested more than {MAX_DEPTH} deep")
    if not isinstance(parts, list) or not parts:
        raise Invalid.field(f"{path}.{word}", "must be a list of at least one condition")
    return Group("and" if word == "and" else "or", _all(f"{path}.{word}", parts, reading, depth + 1))


def _segment(path: str, found: dict[str, object], id: object, reading: _Reading, depth: int) -> Group:
    _alone(path, found, "segment")
    where = f"{path}.segment"
    saved = reading.around.segments(id) if isinstance(id, str) else None
    if saved is None:
        raise Invalid.field(where, "is no segment of this project")
    if id in reading.inside:
        raise Invalid.field(where, "would be part of itself")
    if depth >= MAX_DEPTH:
        raise Invalid.field(where, f"is nested more than {MAX_DEPTH} deep")
    reading.inside.append(str(id))
    parts = _all(where, saved if isinstance(saved, list) else [saved], reading, depth + 1)
    reading.inside.pop()
    return Group("and", parts)


_DEED = frozenset({"event", "type", "filters", "times", "range", "from", "to"})


def _did(path: str, found: dict[str, object], word: str, deed: object, reading: _Reading) -> Did:
    _alone(path, found, word)
    where = f"{path}.{word}"
    reading.deeds += 1
    if reading.deeds > MAX_DEEDS:
        raise Invalid.field(where, f"is one more than the {MAX_DEEDS} there may be")
    if not isinstance(deed, dict):
        raise Invalid.field(where, "must be {event, type, filters, times, range, from, to}, each as needed")
    for key in deed.keys() - _DEED:
        raise Invalid.field(f"{where}.{key}", "is unknown")
    filters = (*_named(where, deed), *_of_deed(where, deed, reading))
    around = reading.around
    return Did(around.scope, _period(where, deed, around), filters, _times(where, deed), negated=word == "didNot")


def _named(path: str, deed: dict[str, object]) -> Filters:
    with under(path):
        named = () if (name := _word(deed, "event")) is None else (name_filter("event", name),)
        typed = () if (type_ := _word(deed, "type")) is None else (type_filter(type_),)
    return (*named, *typed)


def _of_deed(path: str, deed: dict[str, object], reading: _Reading) -> Filters:
    """What each of the counted events must be; it is about an event, so that users' deeds have no place in it."""
    found = deed.get("filters", [])
    if not isinstance(found, list):
        raise Invalid.field(f"{path}.filters", "must be a list")
    before = reading.deeds
    parts = _all(f"{path}.filters", found, reading, 1)
    if reading.deeds > before:
        raise Invalid.field(f"{path}.filters", "cannot ask in turn what users did")
    return parts


def _times(path: str, deed: dict[str, object]) -> int:
    times = deed.get("times", 1)
    if isinstance(times, bool) or not isinstance(times, int) or not 0 < times <= MAX_TIMES:
        raise Invalid.field(f"{path}.times", f"must be a whole number from 1 to {MAX_TIMES}")
    return times


def _period(path: str, deed: dict[str, object], around: Around) -> Period:
    """The deed's own, else the one that is asked for."""
    if not deed.keys() & {"range", "from", "to"}:
        return around.period
    with under(path):
        since, until, span = (_word(deed, key) for key in ("from", "to", "range"))
        return parse_period(since, until, span, ZoneInfo(around.timezone), around.now)


def _word(found: dict[str, object], key: str) -> str | None:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise Invalid.field(key, "must be text")
    return value


@contextmanager
def under(path: str) -> Iterator[None]:
    """Faults that are found inside are named as members of ``path``."""
    try:
        yield
    except Invalid as wrong:
        faults = tuple(FieldError(f"{path}.{each.path}", each.message) for each in wrong.errors)
        raise Invalid(sentence(faults), errors=faults) from None
