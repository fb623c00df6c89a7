"""A schema, ready to look at events, and the few hundred of them that are in use."""

import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Lock
from types import MappingProxyType

import jsonschema_rs
import msgspec
from sqlalchemy.orm import Session

from pulseboard.errors import FieldError, Invalid
from pulseboard.projects.event_schemas import queries
from pulseboard.projects.event_schemas.bounds import MAX_PATTERN, Cost, Json, check
from pulseboard.projects.event_schemas.faults import tell

log = logging.getLogger(__name__)

MAX_FAULTS = 20  # told of one event
MAX_EVENT_STEPS = 500_000  # about 7 ms; dozens of KiB under hundreds of keywords that look at every value
# The engine makes every fault before it hands over the first, each with a copy of the value around it: 20 ns a byte,
# and as much as for 250 bytes besides. Where that could take longer than 5 ms, only the first one is asked for.
MAX_COPIED = 250_000  # bytes
_FAULT_BYTES = 250
_CHOICE_FACTOR = 6  # a fault of a choice is made for itself and once more for the choice
MAX_KEPT_BYTES = 4 * 1024 * 1024  # of schemas as text; compiled they take 30 to 90 times that
MAX_LAZY_STATES = 64 * 1024  # bytes of a pattern's state machine

_DRAFTS: dict[str, type[jsonschema_rs.Validator]] = {
    "https://json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    "http://json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    "http://json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
}
_DEFAULT_DRAFT = next(iter(_DRAFTS))
# Look-around and back-references need an engine that tries again and again; this one reads a text once.
_PATTERNS = jsonschema_rs.RegexOptions(size_limit=MAX_PATTERN, dfa_size_limit=MAX_LAZY_STATES)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event name's schema; ``refuses`` tells the mode "reject" from "warn"."""

    refuses: bool
    _validator: jsonschema_rs.Validator
    _cost: Cost

    def fits(self, properties: Json) -> bool:
        """Whether the merged properties of an event are as the schema says; they are nested 8 levels at most.

        What is too large to be checked in time does not fit.
        """
        return self._affordable(len(_encoder.encode(properties)), properties) and self._validator.is_valid(properties)

    def faults(self, properties: Json, *, briefly: bool = False) -> tuple[FieldError, ...]:
        """What is wrong with the merged properties, by paths such as ``properties.plan``; nothing if they fit.

        ``briefly`` tells one fault, in a hundredth of the time: for whoever refuses thousands at once.
        """
        size = len(_encoder.encode(properties))
        if not self._affordable(size, properties):
            return (FieldError("properties", "is too large to be checked against the schema of this event"),)
        if self._validator.is_valid(properties):
            return ()
        return tuple(islice(self._told(properties, size, briefly=briefly), MAX_FAULTS))

    def _told(self, properties: Json, size: int, *, briefly: bool) -> Iterator[FieldError]:
        copied = (self._cost.once + self._cost.each * _count(properties)) * (_FAULT_BYTES + size)
        if not briefly and copied * (_CHOICE_FACTOR if self._cost.choices else 1) <= MAX_COPIED:
            for error in self._validator.iter_errors(properties):
                yield from tell(error, "properties")
        elif self._cost.choices:
            yield FieldError("properties", "does not fit the schema of this event")
        else:
            yield from self._first(properties)

    def _first(self, properties: Json) -> Iterator[FieldError]:
        try:
            self._validator.validate(properties)
        except jsonschema_rs.ValidationError as wrong:
            yield from tell(wrong, "properties")

    def _affordable(self, size: int, properties: Json) -> bool:
        cost = self._cost
        fixed = cost.once + cost.byte * size
        # A value takes two bytes at least; only who comes near the limit is counted exactly.
        if fixed + cost.each * size / 2 <= MAX_EVENT_STEPS:
            return True
        return fixed + cost.each * _count(properties) <= MAX_EVENT_STEPS


def _count(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_count, value.values()))
    return 1 + sum(map(_count, value)) if isinstance(value, list) else 1


def compile_rule(schema: Json, mode: str) -> EventRule:
    """
    Raises:
        Invalid: no JSON Schema, or one that could cost too much; names the place in it.
    """
    cost = check(schema)
    # Every reference begins at the root, whose own address could only lead them elsewhere.
    body = {name: value for name, value in schema.items() if name not in ("$id", "$schema")}
    try:
        made = _draft(schema)(body, validate_formats=True, pattern_options=_PATTERNS, offline=True)
    except jsonschema_rs.ValidationError as wrong:
        raise _invalid(wrong) from wrong
    except ValueError as wrong:
        raise Invalid.field("schema", "is no JSON Schema") from wrong
    return EventRule(mode == "reject", made, cost)


def _draft(schema: Json) -> type[jsonschema_rs.Validator]:
    named = schema.get("$schema", _DEFAULT_DRAFT)
    found = _DRAFTS.get(named.removesuffix("#")) if isinstance(named, str) else None
    if found is None:
        raise Invalid.field("schema.$schema", f"must be one of {', '.join(_DRAFTS)}")
    return found


def _invalid(wrong: jsonschema_rs.ValidationError) -> Invalid:
    fault = next(tell(wrong, "schema"))
    if wrong.instance_path[-1:] == ["type"]:
        fault = FieldError(fault.path, f"must be one of {', '.join(_TYPE_NAMES)}, or a list of them")
    return Invalid.field(fault.path, fault.message)


_TYPE_NAMES = ("string", "number", "integer", "boolean", "array", "object", "null")
_NONE: Mapping[str, EventRule] = MappingProxyType({})
Key = tuple[str, datetime]


class EventRules:
    """The compiled schemas that were asked for last. Thread-safe."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, tuple[EventRule | None, int]] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Session, project_id: str) -> Mapping[str, EventRule]:
        """Event name -> rule.

        One statement; a second one only for schemas that are new or were changed, and only those are compiled.
        """
        stamps = queries.stamps(session, project_id)
        if not stamps:
            return _NONE
        rules = self._recall(stamps)
        missing = [stamp for stamp in stamps if stamp.key not in rules]
        for id_, body in queries.bodies(session, [stamp.id for stamp in missing]) if missing else ():
            stamp = next(each for each in missing if each.id == id_)
            rules[stamp.key] = rule = _restored(body, stamp)
            self._keep(stamp.key, rule, len(body))
        return {stamp.event_name: rule for stamp in stamps if (rule := rules.get(stamp.key)) is not None}

    def _recall(self, stamps: list[queries.Stamp]) -> dict[Key, EventRule | None]:
        found: dict[Key, EventRule | None] = {}
        with self._lock:
            for key in (stamp.key for stamp in stamps):
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[key] = self._kept[key][0]
        return found

    def _keep(self, key: Key, rule: EventRule | None, size: int) -> None:
        with self._lock:
            if key not in self._kept:
                self._bytes += size
            self._kept[key] = (rule, size)
            while self._bytes > self._max_bytes:
                self._bytes -= self._kept.popitem(last=False)[1][1]


def _restored(body: str, stamp: queries.Stamp) -> EventRule | None:
    try:
        return compile_rule(msgspec.json.decode(body), stamp.mode)
    except Invalid as wrong:  # only if it was written under laxer bounds: no reason to refuse events
        log.warning("the schema %s is not applied: %s", stamp.id, wrong)
        return None
