"""Groups of errors in slow, plain Python, from docs/errors.md. Shares no code with the product."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.insights import oracle
from tests.insights.oracle import Asked
from tests.insights.reading import Happened


@dataclass(frozen=True)
class Decided:
    """``at`` in ms since 1970."""

    status: str
    at: int
    release: str = ""


def release(event: Happened) -> str:
    return str(event.properties.get("release", ""))


def group(event: Happened) -> str:
    return str(event.properties["fingerprint"])


def numbers(text: str) -> list[int] | None:
    """``1.10`` as numbers; none of the releases here has more to it."""
    parts = text.split(".")
    return [int(part) for part in parts] if len(parts) > 1 and all(part.isdecimal() for part in parts) else None


def from_before(found: str, fixed_in: str, mine: list[Happened], decided: Decided) -> bool:
    """Whether events of a release say nothing about the fix."""
    if "" in (found, fixed_in) or found == fixed_in:
        return False
    one, other = numbers(found), numbers(fixed_in)
    if one is not None and other is not None:
        return one < other
    return min(event.at for event in mine if release(event) == found) <= decided.at


def status(mine: list[Happened], decided: Decided | None) -> str:
    if decided is None:
        return "open"
    if decided.status == "resolved":
        for event in mine:
            if event.at > decided.at and not from_before(release(event), decided.release, mine, decided):
                return "regressed"
    return decided.status


def users(events: Iterable[Happened]) -> int:
    return len({event.person for event in events} - {0})


def listed(events: list[Happened], asked: Asked, decided: dict[str, Decided], interval: str) -> list[dict[str, Any]]:
    """Every group with events in the range, the last seen in it first."""
    errors = [event for event in events if oracle.is_error(event)]
    items = []
    for name in {group(event) for event in oracle.within(errors, asked)}:
        mine = [event for event in errors if group(event) == name]
        inside = oracle.within(mine, asked)
        latest = max(inside, key=lambda event: (event.at, event.id))
        last = {found: max(e.at for e in mine if release(e) == found) for found in {release(e) for e in mine}}
        items.append(
            {
                "id": name,
                "name": latest.name,
                "message": str(latest.properties.get("message", "")),
                "status": status(mine, decided.get(name)),
                "count": len(inside),
                "users": users(inside),
                "firstSeenAt": min(event.at for event in mine),
                "lastSeenAt": max(event.at for event in mine),
                "releases": [each for each in sorted(last, key=lambda each: (-last[each], each)) if each][:10],
                "trend": oracle.series(inside, asked, interval),
                "seen": latest.at,
            }
        )
    return sorted(items, key=lambda item: (-item.pop("seen"), item["id"]))
