"""How the doors read JSON: one decode in C when all is well; what it does not take is looked at piece by piece.

Only the unhappy path names faults, slowly. It takes a list apart one element after the other and stops at the first
that is too many: a body of zeros would become a hundred times its size if it were taken apart at once.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from pulseboard.errors import FieldError, Invalid, Malformed, TooLarge
from pulseboard.ingest.faults import (
    UNKNOWN,
    field_error,
    no_constant,
    no_json,
    printable,
    readable,
    shape_faults,
    text_faults,
)
from pulseboard.ingest.parsed import Rejected
from pulseboard.ingest.raw import MAX_DEPTH, NUL, RawEvent

MAX_EVENTS = 5_000  # of one request
CROWD = 10 * MAX_EVENTS  # objects in a body, from which on it is taken apart before it is decoded
MAX_FAULTS = 20  # named of a single event
MAX_FAULTS_EACH = 5  # of each of many: an answer is never much larger than what it answers
MAX_ONE = 1024 * 1024  # bytes of one event: the largest plan's properties, as wastefully written as JSON allows

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_OPEN = frozenset({"metadata", "payload", "properties"})  # fields that hold whatever the client wants
_BLANKS = " \t\r\n"  # JSON knows no others
_SPACE = re.compile(rf"[{_BLANKS}]*")
_BATCH = re.compile(
    rf'[{_BLANKS}]*\{{[{_BLANKS}]*"events"[{_BLANKS}]*:[{_BLANKS}]*(\[.*\])[{_BLANKS}]*\}}[{_BLANKS}]*', re.DOTALL
)
_LINE = re.compile(rb"[^ \t\r\n][^\n]*")
_scan = json.JSONDecoder(parse_int=float, parse_constant=no_constant).raw_decode

Own = TypeVar("Own", bound=msgspec.Struct)


class Unreadable(NamedTuple):
    """Stands for one of many that could not be read."""

    why: str


class _Wrapped(msgspec.Struct, forbid_unknown_fields=True):
    events: msgspec.Raw


class _Holding(msgspec.Struct):
    events: msgspec.Raw


_any = msgspec.json.Decoder(msgspec.Raw)
_wrapped = msgspec.json.Decoder(_Wrapped)
_holding = msgspec.json.Decoder(_Holding)


class Shape(Generic[Own]):
    """One event as a door takes it: ``own`` is how the body says it, ``raw`` makes the raw event of that.

    ``raw`` raises ``Invalid`` for what a decoder cannot check. An item is an ``own``, or a JSON value that is none, or
    ``Unreadable``.
    """

    def __init__(self, own: type[Own], raw: Callable[[Own], RawEvent]) -> None:
        self._own = own
        self._make = raw
        self._lenient = _lenient(own)
        self._unknown = UNKNOWN
        self._fields = [field.encode_name for field in msgspec.structs.fields(own)]
        if "properties" in self._fields:
            self._unknown += "; what is your own goes into properties"
        self._one = msgspec.json.Decoder(own)
        self._list: msgspec.json.Decoder[list[Own]] = msgspec.json.Decoder(list[own])  # type: ignore[valid-type]
        batch = msgspec.defstruct("Batch", [("events", list[own])], forbid_unknown_fields=True)  # type: ignore[valid-type]
        self._batch: msgspec.json.Decoder[Any] = msgspec.json.Decoder(batch)

    def one(self, body: bytes) -> object:
        """The item of a body.

        Raises:
            Malformed: it is not JSON.
            TooLarge: it is larger than any event.
        """
        if len(body) > MAX_ONE:
            raise TooLarge(f"An event is larger than {MAX_ONE} bytes")
        if NUL not in body:
            try:
                return self._one.decode(body)
            except _UNREADABLE:
                pass
        return readable(body)

    def wrapped(self, body: bytes) -> list[Any]:
        """The items of ``{"events": [...]}``.

        Raises:
            Malformed: it is not JSON.
            Invalid: it has another shape, or more than ``MAX_EVENTS`` events.
        """
        plain = self.plain(body)
        return self._apart(_unwrapped(body), "events") if plain is None else plain

    def plain(self, body: bytes) -> list[Any] | None:
        """``wrapped`` where every item is good by its shape; None, quickly, where somebody has to look closely.

        Raises:
            Invalid: there are more than ``MAX_EVENTS`` events.
        """
        if NUL not in body and not _crowded(body):
            try:
                return _few(self._batch.decode(body).events, "events")
            except _UNREADABLE:
                pass
        return None

    def listed(self, body: bytes) -> list[Any]:
        """The items of ``[...]``.

        Raises:
            Malformed: it is not JSON.
            Invalid: it is no list, or one of more than ``MAX_EVENTS`` events.
        """
        if NUL not in body and not _crowded(body):
            try:
                return _few(self._list.decode(body), "")
            except _UNREADABLE:
                pass
        text = _text(body).strip(_BLANKS)
        if not text.startswith("["):
            raise Invalid.field("", "must be a list")
        return self._apart(text, "")

    def lines(self, body: bytes) -> list[Any]:
        """The items of a body with one to a line; lines without anything are passed over.

        Raises:
            Invalid: there are more than ``MAX_EVENTS``.
        """
        return [self._piece(match[0]) for match in _at_most(_LINE.finditer(body), "")]

    def made(self, items: Iterable[object]) -> list[RawEvent | Rejected]:
        """What becomes of each item, in order."""
        return [self.made_of(index, item, MAX_FAULTS_EACH) for index, item in enumerate(items)]

    def made_of(self, index: int, item: object, most_faults: int = MAX_FAULTS) -> RawEvent | Rejected:
        """The raw event of an item, or why there is none."""
        if not isinstance(item, self._own):
            if faults := self._faults(item, most_faults):
                return Rejected(index, faults)
            item = msgspec.convert(item, self._own)
        try:
            return self._make(item)
        except Invalid as wrong:
            return Rejected(index, wrong.errors)

    def _piece(self, piece: bytes) -> object:
        try:
            return self.one(piece)
        except Malformed:
            return Unreadable("is not valid JSON")
        except TooLarge:
            return Unreadable(f"is larger than {MAX_ONE // 1024} KiB")

    def _apart(self, text: str, path: str) -> list[object]:
        try:
            return [self._piece(piece) for piece in _at_most(_elements(text), path)]
        except RecursionError:
            raise Malformed("The body is nested too deeply") from None
        except ValueError:
            raise no_json(text.encode()) from None

    def _faults(self, item: object, most: int) -> tuple[FieldError, ...]:
        """The first faults of an item, one of a path."""
        if isinstance(item, Unreadable):
            return (FieldError("", item.why),)
        if not isinstance(item, dict):
            return (FieldError("", "must be an object"),)
        found: dict[str, FieldError] = {}
        for fault in self._all_faults(item):
            found.setdefault(fault.path, fault)
            if len(found) == most:
                break
        return tuple(found.values())

    def _all_faults(self, item: dict[str, Any]) -> Iterator[FieldError]:
        """Missing or wrong fields, then unknown ones, then what is too much."""
        yield from shape_faults(item, self._lenient)
        yield from (FieldError(printable(key), self._unknown) for key in item if key not in self._fields)
        deep = [name for name in self._fields if _depth(item.get(name)) > MAX_DEPTH]
        yield from (FieldError(name, f"is nested more than {MAX_DEPTH} levels deep") for name in deep)
        yield from text_faults({key: inner for key, inner in item.items() if key not in deep})


def _lenient(own: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The same without refusing unknown keys, deep nesting and huge numbers.

    It serves to name what is missing or wrong before what is too much.
    """
    fields: list[Any] = []
    for field in msgspec.structs.fields(own):
        kind = dict[str, Any] | None if field.name in _OPEN else field.type
        fields.append((field.name, kind) if field.required else (field.name, kind, field.default))
    names = {field.name: field.encode_name for field in msgspec.structs.fields(own)}
    return msgspec.defstruct(own.__name__, fields, rename=names)


def _crowded(body: bytes) -> bool:
    return len(body) > CROWD and body.count(b"{") > CROWD


def _few(events: list[Any], path: str) -> list[Any]:
    if len(events) > MAX_EVENTS:
        raise _too_many(path)
    return events


def _at_most(found: Iterable[Any], path: str) -> Iterator[Any]:
    for number, each in enumerate(found):
        if number == MAX_EVENTS:
            raise _too_many(path)
        yield each


def _too_many(path: str) -> Invalid:
    return Invalid.field(path, f"has more than the {MAX_EVENTS} events that are taken at once")


def _unwrapped(body: bytes) -> str:
    try:
        events = bytes(_wrapped.decode(body).events)
    except msgspec.ValidationError as wrong:
        if not _is_json(body):
            raise no_json(body) from None
        raise _no_batch(body, wrong) from None
    except _UNREADABLE:  # half a surrogate pair is JSON by its grammar, and its event shall be named
        found = _BATCH.fullmatch(_text(body))
        if found is None:
            raise no_json(body) from None
        return found[1]
    if not events.startswith(b"["):
        raise Invalid.field("events", "must be a list")
    return _text(events)


def _no_batch(body: bytes, wrong: msgspec.ValidationError) -> Invalid:
    if not body.lstrip().startswith(b"{"):
        return Invalid.field("", 'must be an object with a list of events: {"events": [...]}')
    if not _holds_events(body):
        return Invalid.field("events", "is required, a list of events")
    fault = field_error(wrong)
    return Invalid.field(fault.path, fault.message)


def _holds_events(body: bytes) -> bool:
    try:
        _holding.decode(body)
    except _UNREADABLE:
        return False
    return True


def _is_json(body: bytes) -> bool:
    try:
        _any.decode(body)
    except _UNREADABLE:
        return False
    return True


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Malformed("The body is not valid UTF-8") from None


def _elements(text: str) -> Iterator[bytes]:
    """The JSON of each element of a list."""
    at = _past_space(text, 1)
    going = not text.startswith("]", at)
    while going:
        _, end = _scan(text, at)
        yield text[at:end].encode()
        at = _past_space(text, end)
        going = text.startswith(",", at)
        if going:
            at = _past_space(text, at + 1)
    if not text.startswith("]", at) or at + 1 != len(text):
        raise ValueError


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _depth(value: object, level: int = 0) -> int:
    """Levels of nesting, not followed further than one past the limit."""
    if level > MAX_DEPTH or not isinstance(value, dict | list):
        return level
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(each, level + 1) for each in inner), default=level + 1)
