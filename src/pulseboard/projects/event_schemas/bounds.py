"""What a schema may be and may cost: every event of its name pays for it, in a process that all tenants share.

A step is one keyword looked at, about 15 ns. Unbounded, 2 KiB of references that double, or of nested
``unevaluatedProperties``, take hours for one event.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import jsonschema_rs
import msgspec

from pulseboard.errors import Invalid

MAX_BYTES = 64 * 1024
MAX_NESTING = 64  # levels of JSON in a schema, and schemas inside or behind each other
MAX_PATTERNS = 32
MAX_STEPS = 10_000  # of a schema, each keyword counted as often as one event's value can meet it
EVENT_DEPTH = 8  # levels of objects and lists in an event's properties, as ingestion bounds them

Json = dict[str, object]
Path = tuple[str, ...]

# A pattern's compiled size in bytes, at most -> steps for each byte of text, measured at the worst text known.
_PATTERN_PRICES = ((5_000, 0.2), (20_000, 1.0), (50_000, 6.0), (200_000, 30.0))
MAX_PATTERN = _PATTERN_PRICES[-1][0]
_TEXT_PRICES = {"format": 1.0, "uniqueItems": 2.0, "contentMediaType": 1.0, "contentEncoding": 1.0} | dict.fromkeys(
    ("minLength", "maxLength"), 0.02
)
_REGEX_FORMAT_PRICE = 5.0  # the text is compiled
_FRACTION_STEPS = 300  # dividing by a fraction is done with big numbers
_UNEVALUATED_FACTOR = 3  # everything beside the keyword is looked at again, and so on inside

_HERE = {"$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"}
_BELOW = {"properties", "prefixItems"}
_EACH = {
    "items",
    "additionalItems",
    "contains",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
}
_NAMED = {"properties", "patternProperties", "dependentSchemas", "dependencies"}  # name -> schema
_ASIDE = {"$defs", "definitions"}  # applied only where something refers to them
# They would make a reference mean something else than its place in the document.
_REFUSED = {"$dynamicRef", "$recursiveRef", "$id", "$schema"}

_INDEX = re.compile("0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Cost:
    """Steps that one event takes: ``once``, for ``each`` of its values, and for each ``byte`` of its text.

    With ``choices`` (anyOf, oneOf), a fault brings the faults of every choice along.
    """

    once: float = 0.0
    each: float = 0.0
    byte: float = 0.0
    choices: bool = False

    def __add__(self, other: "Cost") -> "Cost":
        choices = self.choices or other.choices
        return Cost(self.once + other.once, self.each + other.each, self.byte + other.byte, choices)

    def repeated(self) -> "Cost":
        """The same for each value."""
        return Cost(0.0, self.once + self.each, self.byte, self.choices)

    def times(self, factor: int) -> "Cost":
        """The same so many times."""
        return Cost(factor * self.once, factor * self.each, factor * self.byte, self.choices)


def check(schema: Json) -> Cost:
    """What an event will pay.

    Raises:
        Invalid: too large, too deep, too dear, or with references that lead elsewhere; names the place in the schema.
    """
    if len(msgspec.json.encode(schema)) > MAX_BYTES:
        raise _fault((), f"is larger than {MAX_BYTES // 1024} KiB")
    patterns: dict[str, float] = {}
    for path, value in _entries(schema, ()):
        _check_entry(schema, path, value)
        for pattern in _patterns(path[-1], value):
            patterns.setdefault(pattern, 0.0)
            if len(patterns) > MAX_PATTERNS:
                raise _fault(path, f"is one pattern too many; at most {MAX_PATTERNS} are taken")
            patterns[pattern] = patterns[pattern] or _pattern_price(pattern, path)
    return _Scales(schema, patterns).weigh(schema, EVENT_DEPTH, ())


def _fault(path: Path, message: str) -> Invalid:
    return Invalid.field(".".join(("schema", *(part[:200] for part in path))), message)


def _entries(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Every value that has a name, wherever it stands."""
    if len(path) > MAX_NESTING:
        raise _fault(path[:4], f"is nested more than {MAX_NESTING} levels deep")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name), inner
            yield from _entries(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _entries(inner, (*path, str(index)))


def _check_entry(schema: Json, path: Path, value: object) -> None:
    if not isinstance(value, str):
        return
    if path[-1] in _REFUSED and len(path) > 1:
        raise _fault(path, "is not supported inside a schema")
    if path[-1] == "$ref":
        _target(schema, value, path)


def _target(schema: Json, reference: str, path: Path) -> object:
    """What stands at a reference; nothing is ever fetched."""
    if reference != "#" and not reference.startswith("#/"):
        raise _fault(path, "must point into this schema, such as #/$defs/price; nothing is fetched from elsewhere")
    found: object = schema
    for part in _parts(reference):
        found = _inside(found, part, path)
    return found


def _parts(reference: str) -> Path:
    parts = unquote(reference[1:]).split("/")[1:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def _inside(value: object, name: str, path: Path) -> object:
    if isinstance(value, dict) and name in value:
        return value[name]
    if isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
        return value[int(name)]
    raise _fault(path, "points to nothing")


def _patterns(name: str, value: object) -> list[str]:
    if name == "pattern":
        return [value] if isinstance(value, str) else []
    return list(value) if name == "patternProperties" and isinstance(value, dict) else []


def _pattern_price(pattern: str, path: Path) -> float:
    for size, price in _PATTERN_PRICES:
        options = jsonschema_rs.RegexOptions(size_limit=size)
        try:
            jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options, offline=True)
        except ValueError:
            continue
        return price
    raise _fault(
        path, "is no regular expression that is taken here: no look-around, no back-reference, no large repeat"
    )


class _Scales:
    """Weighs each schema once per level of the event that it may meet, so that recursive ones are finite."""

    def __init__(self, root: Json, patterns: Mapping[str, float]) -> None:
        self._root = root
        self._patterns = patterns
        self._known: dict[tuple[int, int], Cost] = {}
        self._open: set[tuple[int, int]] = set()

    def weigh(self, schema: object, levels: int, path: Path) -> Cost:
        """The cost of a schema at a value with ``levels`` of values inside it."""
        if not isinstance(schema, dict):
            return Cost(once=1)
        mark = (id(schema), levels)
        if len(self._open) > MAX_NESTING:
            raise _fault(path, f"is reached through more than {MAX_NESTING} schemas")
        if mark not in self._known:
            self._open.add(mark)
            self._known[mark] = self._sum(schema, levels, path)
            self._open.discard(mark)
        return self._known[mark]

    def _sum(self, schema: Json, levels: int, path: Path) -> Cost:
        here, inside = Cost(once=1), Cost()
        for keyword, value in schema.items():
            at = (*path, keyword)
            if keyword in _HERE:
                here = here + self._all(keyword, value, levels, at)
            elif keyword in _BELOW and levels:
                inside = inside + self._all(keyword, value, levels - 1, at)
            elif keyword in _EACH and levels:
                inside = inside + self._all(keyword, value, levels - 1, at).repeated()
            if keyword not in _HERE | _BELOW | _EACH | _ASIDE:
                here = here + Cost(once=_steps(keyword, value))
            here = here + Cost(byte=self._text(keyword, value), choices=keyword in ("anyOf", "oneOf"))
            _check_steps(here + inside)
        if not schema.keys().isdisjoint(("unevaluatedProperties", "unevaluatedItems")):
            here = here.times(_UNEVALUATED_FACTOR)
        _check_steps(here + inside)
        return here + inside

    def _all(self, keyword: str, value: object, levels: int, path: Path) -> Cost:
        if keyword == "$ref":
            return self._follow(value, levels, path) if isinstance(value, str) else Cost()
        if keyword in _NAMED and isinstance(value, dict):
            inner = [(name, each) for name, each in value.items()]
        else:
            inner = (
                [(str(index), each) for index, each in enumerate(value)] if isinstance(value, list) else [("", value)]
            )
        return sum((self.weigh(each, levels, (*path, name) if name else path) for name, each in inner), Cost())

    def _follow(self, reference: str, levels: int, path: Path) -> Cost:
        target = _target(self._root, reference, path)
        if isinstance(target, dict) and (id(target), levels) in self._open:
            raise _fault(path, "leads back to itself without going down into a property or an item")
        return self.weigh(target, levels, _parts(reference))

    def _text(self, keyword: str, value: object) -> float:
        if keyword == "format" and value == "regex":
            return _REGEX_FORMAT_PRICE
        return _TEXT_PRICES.get(keyword, 0.0) + sum(self._patterns[each] for each in _patterns(keyword, value))


def _check_steps(cost: Cost) -> None:
    if cost.once + cost.each > MAX_STEPS:
        raise _fault((), f"asks for more than {MAX_STEPS:,} checks of one event")


def _steps(keyword: str, value: object) -> int:
    if keyword == "multipleOf" and isinstance(value, float):
        return _FRACTION_STEPS
    return _values(value)


def _values(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_values, value.values()))
    return 1 + sum(map(_values, value)) if isinstance(value, list) else 1
