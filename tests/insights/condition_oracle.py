"""What conditions mean, in plain Python: operators, groups, and what users did."""

import re
from typing import Any

from tests.insights import oracle
from tests.insights.oracle import Asked, property_text
from tests.insights.reading import Happened

Condition = dict[str, Any]


def holds(event: Happened, condition: Condition, events: list[Happened], asked: Asked) -> bool:
    """Whether a condition lets the event through; ``events`` are all there are, ``asked`` is the asked range."""
    if "and" in condition:
        return all(holds(event, part, events, asked) for part in condition["and"])
    if "or" in condition:
        return any(holds(event, part, events, asked) for part in condition["or"])
    if "did" in condition:
        return event.person != 0 and did(event.person, condition["did"], events, asked)
    if "didNot" in condition:
        return event.person != 0 and not did(event.person, condition["didNot"], events, asked)
    return passes(event, condition)


def kept(events: list[Happened], conditions: list[Condition], asked: Asked) -> list[Happened]:
    """The events, of all times, that every condition lets through."""
    return [event for event in events if all(holds(event, each, events, asked) for each in conditions)]


def did(person: int, deed: dict[str, Any], events: list[Happened], asked: Asked) -> bool:
    since, until = deed.get("from", asked.since), deed.get("to", asked.until)
    counted = [
        event
        for event in events
        if event.person == person
        and since <= event.at < until
        and deed.get("event", event.name) == event.name
        and all(passes(event, each) for each in deed.get("filters", []))
    ]
    return len(counted) >= deed.get("times", 1)


def passes(event: Happened, asked: Condition) -> bool:
    """One operator on one property."""
    text, value = property_text(event, asked["property"]), asked.get("value")
    number = oracle.number_of(text)
    match asked["operator"]:
        case "not_contains":
            return value not in text
        case "ends_with":
            return text.endswith(value)
        case "matches":
            return re.search(value, text, re.DOTALL) is not None
        case "greater_or_equal":
            return number is not None and number >= value
        case "less_or_equal":
            return number is not None and number <= value
        case "between":
            return number is not None and value[0] <= number <= value[1]
        case _:
            return oracle.passes(event, asked)
